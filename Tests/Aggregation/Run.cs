using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation.Tests;

internal static class Run
{
    /// <summary>A rule by its text on rows given as arrays.</summary>
    public static T[] Rule<T>(string text, params T[][] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new T[rows[0].Length];
        Rules.Create<T>(text).Aggregate(Memories(rows), result);
        return result;
    }

    /// <summary>The rows that a pre-aggregation makes, one after the other.</summary>
    public static double[] Stage(string text, double[][] rows)
    {
        var asked = NamedParameters.Parse(text);
        RuleDefinition[] known = [NearestNeighbourMixing.Definition, Bucketing.Definition, Clipping.Definition, AdaptiveClipping.Definition];
        var definition = known.Single(d => d.Info.Name == asked.Name);
        var stage = (PreAggregation)definition.Build(new Arguments(asked, definition.Info.Parameters, defaultF: 0));
        return Mixed(Mixing.Of([stage], new RowGeometry<double>(Memories(rows), Simd.Width, threads: 1), round: 0).Mixing!, rows);
    }

    /// <summary>The rows that a matrix makes, one after the other.</summary>
    public static double[] Mixed(double[][] mixing, double[][] rows) =>
        [.. mixing.SelectMany(weights =>
        {
            var row = new double[rows[0].Length];
            WeightedSum.Into<double>(Memories(rows), weights, row, Simd.Width, threads: 1);
            return row;
        })];

    public static ReadOnlyMemory<T>[] Memories<T>(T[][] rows) => [.. rows.Select(static row => new ReadOnlyMemory<T>(row))];
}
