using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Whether telling the processor what to fetch pays where many rows come from memory. Measured, a median of 30 rows as a multiple of
/// a mean: on AMD's Zen 4 1.4 untold and 1.0 told both ways; on Zen 5 1.2 untold, 1.0 told by the vector and 1.3 by the piece, too;
/// on Intel's Sapphire Rapids, whose own prefetchers follow as many rows and need the same buffers, 1.4 untold and 2.0 told.
/// </summary>
internal static class Prefetching
{
    /// <summary>As x86 numbers families; Zen 4 is of it, Zen 5 of the next.</summary>
    private const int LastFamilyFedByPieces = 0x19;

    /// <summary>The next few vectors of every row, by the loop that reads them.</summary>
    public static bool Pays { get; } = Sse.IsSupported && !IsIntel();

    /// <summary>Besides, a piece of a row at a time: <see cref="RowFetcher{T}"/>.</summary>
    public static bool PaysByPieces { get; } = Pays && Family() <= LastFamilyFedByPieces;

    private static bool IsIntel()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        ReadOnlySpan<int> vendor = [first, second, third];
        return MemoryMarshal.AsBytes(vendor).SequenceEqual("GenuineIntel"u8);
    }

    private static int Family()
    {
        const int Extended = 0xF;
        var (signature, _, _, _) = X86Base.CpuId(1, 0);
        var family = (signature >> 8) & 0xF;
        return family == Extended ? Extended + ((signature >> 20) & 0xFF) : family;
    }
}
