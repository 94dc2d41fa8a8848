namespace Basgd.Aggregation;

/// <summary>
/// Looks for the x ≥ start of the largest value: while a step of delta leads to a larger one it is taken and doubled; after the first
/// that does not, steps shrink by the ratio and are taken where they help.
/// </summary>
internal sealed record StrengthSearch(int Evaluations, double Start, double Delta, double Ratio)
{
    /// <summary>A few roundings: on a plateau, as behind a clipping, rounding must not look like a gain.</summary>
    private const double LeastGain = 1e-15;

    public static IReadOnlyList<ParameterInfo> Parameters { get; } =
    [
        new("evals", 20, "strengths to try, ≥ 1"),
        new("start", 0, "the first of them"),
        new("delta", 10, "the first step, not 0"),
        new("ratio", 0.8, "how steps shrink, > 0.5 and < 1"),
    ];

    public static StrengthSearch From(Arguments arguments) => new(
        arguments.Integer("evals", atLeast: 1),
        arguments.Any("start"),
        arguments.NotZero("delta"),
        arguments.Between("ratio", 0.5, 1));

    public double Run(Func<double, double> value)
    {
        var (best, most) = (Start, value(Start));
        var (step, growing) = (Delta, true);
        for (var left = Evaluations - 1; left > 0; left--)
        {
            var proposed = best + step;
            var here = value(proposed);
            var better = here > most + (LeastGain * Math.Abs(most));
            if (better) (best, most) = (proposed, here);
            growing &= better;
            step *= growing ? 2 : Ratio;
        }

        return best;
    }
}
