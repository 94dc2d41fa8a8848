using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Compare-exchanges that bring the order statistics first … last of n rows to the rows of those numbers, in every column at once.
/// It is Batcher's odd-even merge sort (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M, which is right for any n)
/// without the comparators that those rows do not depend on.
/// </summary>
internal sealed class SelectionNetwork
{
    private static readonly ConcurrentDictionary<(int Rows, int First, int Last), SelectionNetwork> Known = new();

    private readonly Comparator[] comparators;

    private SelectionNetwork(int rows, int first, int last)
    {
        var kept = new List<Comparator>();
        var needed = new bool[rows];
        needed.AsSpan(first, last - first + 1).Fill(true);
        foreach (var (low, high) in Batcher(rows).Reverse())
        {
            if (!needed[low] && !needed[high]) continue;
            kept.Add(new Comparator(low, high, needed[low], needed[high]));
            needed[low] = needed[high] = true;
        }

        kept.Reverse();
        comparators = [.. kept];
    }

    public int Comparators => comparators.Length;

    public static SelectionNetwork For(int rows, int first, int last) =>
        Known.GetOrAdd((rows, first, last), static key => new SelectionNetwork(key.Rows, key.First, key.Last));

    /// <summary>Rows outside first … last are left with no meaning.</summary>
    public void Apply<T>(Tile<T> tile)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (low, high, keepLow, keepHigh) in comparators)
        {
            var a = MemoryMarshal.Cast<T, Vector<T>>(tile[low]);
            var b = MemoryMarshal.Cast<T, Vector<T>>(tile[high])[..a.Length];
            if (keepLow && keepHigh)
            {
                for (var c = 0; c < a.Length; c++)
                {
                    var (x, y) = (a[c], b[c]);
                    a[c] = Vector.MinNative(x, y);
                    b[c] = Vector.MaxNative(x, y);
                }
            }
            else if (keepLow)
            {
                for (var c = 0; c < a.Length; c++) a[c] = Vector.MinNative(a[c], b[c]);
            }
            else
            {
                for (var c = 0; c < a.Length; c++) b[c] = Vector.MaxNative(a[c], b[c]);
            }
        }
    }

    private static IEnumerable<(int Low, int High)> Batcher(int n)
    {
        for (var p = 1; p < n; p *= 2)
        {
            for (var k = p; k >= 1; k /= 2)
            {
                for (var j = k % p; j + k < n; j += 2 * k)
                {
                    for (var i = j; i < Math.Min(j + k, n - k); i++)
                    {
                        if (i / (2 * p) == (i + k) / (2 * p)) yield return (i, i + k);
                    }
                }
            }
        }
    }

    /// <param name="KeepLow">Whether the smaller value is needed later; one of the two may not be.</param>
    private readonly record struct Comparator(int Low, int High, bool KeepLow, bool KeepHigh);
}
