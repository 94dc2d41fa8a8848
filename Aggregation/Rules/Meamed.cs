using Basgd.Aggregation.Kernels;
using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation;

/// <summary>
/// Mean around the median: in each coordinate the mean of the n − f values nearest to the median; the lowest row wins ties.
/// One pass. Needs n ≥ 2f + 1, stands f bad rows. Xie, Koyejo, Gupta: Generalized Byzantine-tolerant SGD, 2018.
/// </summary>
internal sealed class Meamed(int f) : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("meamed", "the mean, in each coordinate, of the n − f values nearest to the median", [F], "f, n ≥ 2f + 1", "Xie et al., 2018"),
        static arguments => new Meamed(arguments.Integer("f", atLeast: 0)));

    private const int MostOnStack = 256;

    public override void Demand(int n) => DemandMajority("meamed", f, n);

    public override Span<T> Reduce<T>(Tile<T> tile)
    {
        var scratch = ArrayPool<T>.Shared.Rent(tile.Rows * tile.Width);
        var sorted = tile.CopyTo(scratch);
        var (first, last) = ((tile.Rows - 1) / 2, tile.Rows / 2);
        SelectionNetwork.For(tile.Rows, first, last).Apply(sorted);
        var medians = MemoryMarshal.Cast<T, Vector<T>>(sorted.MeanOf(first, last));
        var values = tile.Rows <= MostOnStack ? stackalloc Vector<T>[tile.Rows] : new Vector<T>[tile.Rows];
        var distances = tile.Rows <= MostOnStack ? stackalloc Vector<T>[tile.Rows] : new Vector<T>[tile.Rows];
        var result = MemoryMarshal.Cast<T, Vector<T>>(tile[0]);
        for (var c = 0; c < medians.Length; c++)
        {
            for (var i = 0; i < values.Length; i++) values[i] = MemoryMarshal.Cast<T, Vector<T>>(tile[i])[c];
            if (!Measure(values, medians[c], Vector<T>.One, distances)) Measure(values, medians[c], new Vector<T>(T.CreateChecked(0.5)), distances);
            result[c] = MeanOfNearest(values, distances, values.Length - f);
        }

        ArrayPool<T>.Shared.Return(scratch);
        return tile[0];
    }

    /// <summary>Distances from the median, scaled.</summary>
    /// <returns>False when one overflows: then half of each does not.</returns>
    private static bool Measure<T>(ReadOnlySpan<Vector<T>> values, Vector<T> median, Vector<T> scale, Span<Vector<T>> distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var farthest = Vector<T>.Zero;
        for (var i = 0; i < values.Length; i++)
        {
            distances[i] = Vector.Abs((values[i] * scale) - (median * scale));
            farthest = Vector.MaxNative(farthest, distances[i]);
        }

        return Finite.All(farthest);
    }

    /// <summary>A value is kept when fewer than <paramref name="kept"/> others come before it by distance, then by row.</summary>
    private static Vector<T> MeanOfNearest<T>(ReadOnlySpan<Vector<T>> values, ReadOnlySpan<Vector<T>> distances, int kept)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var limit = new Vector<T>(T.CreateChecked(kept));
        var mean = Vector<T>.Zero;
        for (var i = 0; i < values.Length; i++)
        {
            var before = Vector<T>.Zero;
            for (var j = 0; j < i; j++) before += Vector.ConditionalSelect(Vector.LessThanOrEqual(distances[j], distances[i]), Vector<T>.One, Vector<T>.Zero);
            for (var j = i + 1; j < values.Length; j++) before += Vector.ConditionalSelect(Vector.LessThan(distances[j], distances[i]), Vector<T>.One, Vector<T>.Zero);
            mean += Vector.ConditionalSelect(Vector.LessThan(before, limit), values[i] / limit, Vector<T>.Zero);
        }

        return mean;
    }
}
