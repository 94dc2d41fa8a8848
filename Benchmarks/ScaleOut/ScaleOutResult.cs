namespace Basgd.Benchmarks.ScaleOut;

/// <summary>What one run measured.</summary>
internal sealed record ScaleOutResult(IReadOnlyList<ScaleOutResult.Scale> Scales, IReadOnlyList<ScaleOutResult.Round> Rounds)
{
    /// <summary>Gradients per second with the most silos over those with one.</summary>
    public double Speedup => Scales[^1].Gradients / Scales[0].Gradients;

    /// <summary>Share of the gradients per second that the straggler costs: the median over the rounds.</summary>
    public double Loss => Median(static round => 1 - (round.OneStraggler.Gradients / round.Even.Gradients));

    /// <summary>The same of the synchronous loop.</summary>
    public double BarrierLoss => Median(static round => 1 - (round.BarrierOneStraggler / round.BarrierEven));

    /// <summary>Share of the steps per second that the straggler costs.</summary>
    public double LossOfSteps => Median(static round => 1 - (round.OneStraggler.Steps / round.Even.Steps));

    public double Median(Func<Round, double> of) => Rounds.Select(of).Median();

    /// <param name="Gradients">Per second, those that went into steps.</param>
    internal sealed record Scale(int Silos, double Gradients);

    /// <summary>Four measurements after another.</summary>
    /// <param name="BarrierEven">Gradients per second.</param>
    /// <param name="BarrierOneStraggler">Gradients per second.</param>
    internal sealed record Round(Rate Even, Rate OneStraggler, double BarrierEven, double BarrierOneStraggler);

    /// <summary>Per second.</summary>
    internal readonly record struct Rate(double Gradients, double Steps);
}
