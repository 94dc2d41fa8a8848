namespace Basgd.Simulator;

/// <summary>η by epoch, as in a job.</summary>
/// <param name="Initial">η at the start, &gt; 0. Default: 0.1.</param>
/// <param name="Factor">By which η is multiplied at each of <paramref name="DecayAtEpochs"/>, &gt; 0. Default: 0.1.</param>
/// <param name="DecayAtEpochs">Ascending. Default: none.</param>
public sealed record LearningRateSchedule(double Initial = 0.1, double Factor = 0.1, IReadOnlyList<double>? DecayAtEpochs = null)
{
    public static implicit operator LearningRateSchedule(double constant) => FromDouble(constant);

    public static LearningRateSchedule FromDouble(double constant) => new(constant);
}
