using System.Runtime.Intrinsics.X86;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Has many rows fetched from memory while the columns before are computed. Memory gives a piece of one row sooner than a line of
/// every row in turn, and the hardware looks ahead in a few rows only: so rows come in pieces, some of them with every step.
/// </summary>
/// <param name="rows">Addresses of the n rows.</param>
/// <param name="end">The column after the last that is needed.</param>
internal readonly unsafe ref struct RowFetcher<T>(nint* rows, int n, int end)
    where T : unmanaged
{
    /// <summary>Columns of a step.</summary>
    public const int Step = 64;

    /// <summary>Steps of a piece: 1 KiB of a row of floats. Of longer pieces the first-level cache keeps too few.</summary>
    private const int Steps = 4;

    private const int LineBytes = 64;

    /// <summary>Before the first column is computed.</summary>
    public void Begin(int column) => Fetch(0, n, column);

    /// <summary>Before a step is computed: a share of the rows, of what comes after the piece that the step is in.</summary>
    /// <param name="step">Counted from the first column.</param>
    /// <param name="column">The step's first column.</param>
    public void Continue(int step, int column)
    {
        var share = step % Steps;
        Fetch(share * n / Steps, (share + 1) * n / Steps, column + ((Steps - share) * Step));
    }

    private void Fetch(int from, int to, int column)
    {
        if (!Sse.IsSupported || column >= end) return;
        var bytes = Math.Min(Steps * Step, end - column) * sizeof(T);
        for (var i = from; i < to; i++)
        {
            var piece = (byte*)((T*)rows[i] + column);
            for (var k = 0; k < bytes; k += LineBytes) Sse.Prefetch1(piece + k);
        }
    }
}
