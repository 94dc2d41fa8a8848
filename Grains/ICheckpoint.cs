namespace Basgd.Grains;

/// <summary>State whose stored header says what it is without reading the rest.</summary>
public interface ICheckpoint
{
    /// <summary>Number of parameters d; 0 where there are none.</summary>
    int Dimension { get; }

    /// <summary>Step t of the model, or the round a buffer collects for.</summary>
    long Step { get; }

    /// <summary>Set by storage after reading: how many newer versions are lost. Not stored.</summary>
    int VersionsLost { get; set; }
}
