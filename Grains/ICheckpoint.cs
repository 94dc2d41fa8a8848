namespace Basgd.Grains;

/// <summary>State whose stored header says what it is without reading the rest.</summary>
public interface ICheckpoint
{
    /// <summary>Number of parameters d; 0 where there are none.</summary>
    int Dimension { get; }

    /// <summary>Step t of the model, or the round a buffer collects for.</summary>
    long Step { get; }

    /// <summary>Set by storage after reading where a newer version was there and is lost. Not stored.</summary>
    bool FellBack { get; set; }
}
