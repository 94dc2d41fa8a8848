using static TorchSharp.torch;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>The median by a network of minimum and maximum on torch tensors, in chunks that stay in cache: what a careful user writes.</summary>
internal static class TorchNetwork
{
    private const int Columns = 16 * 1024;

    /// <summary>The middle row, or the mean of the middle two.</summary>
    public static Tensor Middle(Tensor[] rows)
    {
        var dimension = rows[0].shape[0];
        var chunks = new List<Tensor>();
        for (long start = 0; start < dimension; start += Columns)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Columns, dimension - start);
            Tensor[] part = [.. rows.Select(row => row.narrow(0, start, count))];
            foreach (var (low, high) in Batcher(part.Length))
            {
                var (least, most) = (minimum(part[low], part[high]), maximum(part[low], part[high]));
                (part[low], part[high]) = (least, most);
            }

            var (first, last) = ((part.Length - 1) / 2, part.Length / 2);
            chunks.Add((first == last ? part[first] : (part[first] + part[last]) / 2).MoveToOuterDisposeScope());
        }

        return cat(chunks);
    }

    /// <summary>Batcher's odd-even merge sort (Knuth 3, 5.2.2M).</summary>
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
}
