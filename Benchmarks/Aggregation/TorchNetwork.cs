using Basgd.Aggregation.Kernels;
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
            foreach (var (low, high) in SelectionNetwork.OddEvenMergeSort(part.Length))
            {
                var (least, most) = (minimum(part[low], part[high]), maximum(part[low], part[high]));
                (part[low], part[high]) = (least, most);
            }

            var (first, last) = ((part.Length - 1) / 2, part.Length / 2);
            chunks.Add((first == last ? part[first] : (part[first] + part[last]) / 2).MoveToOuterDisposeScope());
        }

        return cat(chunks);
    }
}
