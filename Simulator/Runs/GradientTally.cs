namespace Basgd.Simulator;

/// <summary>Counts what becomes of gradients.</summary>
internal sealed class GradientTally
{
    public GradientCounts Loyal { get; private set; } = new(0, 0, 0, 0);

    public GradientCounts Byzantine { get; private set; } = new(0, 0, 0, 0);

    public void Count(bool isByzantine, Verdict verdict)
    {
        if (isByzantine) Byzantine = With(Byzantine, verdict);
        else Loyal = With(Loyal, verdict);
    }

    private static GradientCounts With(GradientCounts counts, Verdict verdict)
    {
        counts = counts with { Received = counts.Received + 1 };
        return verdict switch
        {
            Verdict.FilteredByFrequency => counts with { FilteredByFrequency = counts.FilteredByFrequency + 1 },
            Verdict.FilteredByLipschitz => counts with { FilteredByLipschitz = counts.FilteredByLipschitz + 1 },
            Verdict.Refused => counts with { Refused = counts.Refused + 1 },
            _ => counts,
        };
    }
}
