using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>Rows longer than c are shortened to length c.</summary>
internal sealed class Clipping(double longest) : PreAggregation
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("clipping", "rows longer than c are shortened to c", [new ParameterInfo("c", 2, "the longest norm, ≥ 0")], "as the rule after it", "-"),
        static arguments => new Clipping(arguments.NotNegative("c")));

    public override double[][] Mix(Geometry geometry, long round) => Shorten(geometry, longest);

    /// <summary>The matrix that shortens rows to at most <paramref name="longest"/>.</summary>
    public static double[][] Shorten(Geometry geometry, double longest)
    {
        var factors = new double[geometry.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            var norm = Math.Sqrt(geometry.SquaredNorm(i));
            factors[i] = norm > longest ? longest / norm : 1;
        }

        return Scale(factors);
    }
}
