using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Σ wᵢ xᵢ over some columns, a fused multiply-add a row, in their order.</summary>
internal static unsafe class SumPanel<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile at most.</summary>
    private const int Group = 8;

    /// <summary>Columns of a tile at most: its sums stay in the second-level cache.</summary>
    private const int Panel = 16 * 1024;

    /// <summary>So few columns that there is nothing to fetch ahead.</summary>
    private const int Short = 1024;

    /// <param name="rows">Addresses of the n rows.</param>
    /// <param name="weights">n of them.</param>
    /// <param name="column">The first column, counted from the addresses.</param>
    /// <param name="columns">How many.</param>
    /// <param name="result">Filled.</param>
    /// <returns>False when a sum is not finite.</returns>
    public static bool Into(nint* rows, T* weights, int n, int column, int columns, T* result)
    {
        var finite = true;
        var whole = columns / TLanes.Count * TLanes.Count;
        for (var panel = 0; panel < whole; panel += Panel)
        {
            var size = Math.Min(Panel, whole - panel);
            var check = size <= Short
                ? SumStrip<TLanes, TVector, T>.Into(result + panel, rows, weights, n, column + panel, size)
                : Stream(result + panel, rows, weights, n, column + panel, size);
            finite &= TLanes.EqualsAll(check, default);
        }

        for (var c = whole; c < columns; c++)
        {
            var sum = T.Zero;
            for (var i = 0; i < n; i++) sum = T.FusedMultiplyAdd(((T*)rows[i])[column + c], weights[i], sum);
            result[c] = sum;
            finite &= T.IsFinite(sum);
        }

        return finite;
    }

    /// <summary>A few rows after the others.</summary>
    private static TVector Stream(T* result, nint* rows, T* weights, int n, int column, int columns)
    {
        TVector check = default;
        var groups = Math.Max(1, (n + Group - 1) / Group);
        for (var group = 0; group < groups; group++)
        {
            // As many rows in each as in any other, give or take one.
            var first = group * n / groups;
            var count = ((group + 1) * n / groups) - first;
            check = AddTo(result, rows + first, weights + first, count, column, columns, isFirst: group == 0);
        }

        return check;
    }

    private static TVector AddTo(T* result, nint* rows, T* weights, int count, int column, int columns, bool isFirst)
    {
        switch (count)
        {
            case 0: new Span<T>(result, columns).Clear(); return default;
            case 1: return SumTile<TLanes, TVector, T, One>.AddTo(result, rows, weights, column, columns, isFirst);
            case 2: return SumTile<TLanes, TVector, T, Two>.AddTo(result, rows, weights, column, columns, isFirst);
            case 3: return SumTile<TLanes, TVector, T, Three>.AddTo(result, rows, weights, column, columns, isFirst);
            case 4: return SumTile<TLanes, TVector, T, Four>.AddTo(result, rows, weights, column, columns, isFirst);
            case 5: return SumTile<TLanes, TVector, T, Five>.AddTo(result, rows, weights, column, columns, isFirst);
            case 6: return SumTile<TLanes, TVector, T, Six>.AddTo(result, rows, weights, column, columns, isFirst);
            case 7: return SumTile<TLanes, TVector, T, Seven>.AddTo(result, rows, weights, column, columns, isFirst);
            default: return SumTile<TLanes, TVector, T, Eight>.AddTo(result, rows, weights, column, columns, isFirst);
        }
    }
}
