namespace Basgd.Simulator;

/// <summary>How a simulation went.</summary>
/// <param name="Curve">Evaluations by time; the first before the first step, the last at the end, with the last finite model.</param>
/// <param name="Totals">What was done in all.</param>
/// <param name="Loyal">What became of the loyal workers' gradients.</param>
/// <param name="Byzantine">What became of the Byzantine workers' gradients.</param>
/// <param name="Parameters">The last finite w, d floats.</param>
/// <param name="End">Why it ended.</param>
/// <param name="DivergedAt">Where training diverged; null where it did not.</param>
/// <param name="Times">Real time spent.</param>
public sealed record SimulationResult(
    IReadOnlyList<CurvePoint> Curve,
    Totals Totals,
    GradientCounts Loyal,
    GradientCounts Byzantine,
    ReadOnlyMemory<float> Parameters,
    SimulationEnd End,
    Progress? DivergedAt,
    RealTimes Times)
{
    public bool Diverged => DivergedAt is not null;
}

/// <summary>How far a simulation has come.</summary>
/// <param name="Seconds">Virtual seconds.</param>
/// <param name="Gradients">That arrived at the server.</param>
/// <param name="Steps">SGD steps.</param>
/// <param name="Epochs">See <see cref="Measure.Epochs"/>.</param>
public readonly record struct Progress(double Seconds, long Gradients, long Steps, double Epochs);

/// <summary>An evaluation.</summary>
/// <param name="TrainLoss">Smoothed, as workers report it; NaN before the first step.</param>
/// <param name="TestLoss">Mean loss on the held-out examples.</param>
/// <param name="Accuracy">Share of them answered right, 0 … 1.</param>
public sealed record CurvePoint(Progress At, double TrainLoss, double TestLoss, double Accuracy);

/// <summary>What was done in all.</summary>
/// <param name="End">How far it came.</param>
/// <param name="GradientsApplied">That went into steps.</param>
/// <param name="Reassignments">How often buffers were emptied and workers spread anew.</param>
/// <param name="MostVersions">The most model versions that were kept at once.</param>
public sealed record Totals(Progress End, long GradientsApplied, int Reassignments, int MostVersions);

/// <summary>What became of the gradients of some workers. Those of an unfinished round are received and neither filtered nor refused.</summary>
/// <param name="Received">That arrived.</param>
/// <param name="FilteredByFrequency">By Kardam's frequency filter.</param>
/// <param name="FilteredByLipschitz">By Kardam's Lipschitz filter.</param>
/// <param name="Refused">As too stale, of a buffer's earlier mapping, late for a barrier's round, or not finite.</param>
public sealed record GradientCounts(long Received, long FilteredByFrequency, long FilteredByLipschitz, long Refused)
{
    /// <summary>Share of what arrived that Kardam's filters kept out, 0 … 1; NaN where nothing arrived.</summary>
    public double FilteredShare => (double)(FilteredByFrequency + FilteredByLipschitz) / Received;
}

/// <summary>Why a simulation ended.</summary>
public enum SimulationEnd
{
    /// <summary>The horizon is reached.</summary>
    Horizon,

    /// <summary>The parameters, or the gradients of honest workers, are not finite any more.</summary>
    Diverged,

    /// <summary>No step for longer than the spec's patience, or nobody left who would send anything.</summary>
    Starved,
}

/// <summary>Real time.</summary>
/// <param name="Gradients">In the learner's gradients.</param>
/// <param name="Evaluations">In the learner's evaluations.</param>
/// <param name="Server">In the server: protocol, filters and aggregation.</param>
/// <param name="Workers">In what workers do besides gradients: momentum, clipping, attacks.</param>
/// <param name="Total">All of it.</param>
public sealed record RealTimes(TimeSpan Gradients, TimeSpan Evaluations, TimeSpan Server, TimeSpan Workers, TimeSpan Total)
{
    /// <summary>The simulator's own: events, delays, model versions.</summary>
    public TimeSpan Simulator => Total - Gradients - Evaluations - Server - Workers;
}
