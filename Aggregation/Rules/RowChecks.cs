using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>What every rule refuses.</summary>
internal static class RowChecks
{
    /// <exception cref="ArgumentException">No row, or rows of another length than the result.</exception>
    public static void Shape<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, int dimension)
    {
        if (rows.IsEmpty) throw new ArgumentException("n = 0 rows: must be n ≥ 1.", nameof(rows));
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != dimension) throw new ArgumentException($"row {i} has length {rows[i].Length}: must be {dimension}, the length of the result.", nameof(rows));
        }
    }

    /// <summary>What to throw once a pass has met a value that is not finite: finding where is slow, and only done here.</summary>
    public static ArgumentException NotFinite<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i].Span;
            for (var k = 0; k < row.Length; k++)
            {
                if (!T.IsFinite(row[k])) return new ArgumentException($"row {i} holds {row[k]} at column {k}: must be finite.", nameof(rows));
            }
        }

        return new ArgumentException("rows hold values so large that their distances overflow: must be below 1e150.", nameof(rows));
    }
}
