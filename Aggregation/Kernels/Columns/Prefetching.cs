using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Whether telling the processor what to fetch pays where many rows come from memory. Measured: on AMD's Zen 4 a median of 30 rows
/// took 1.4 of a mean without and 1.0 with; on Intel's Sapphire Rapids, whose own prefetchers follow as many rows and need the same
/// buffers, 1.4 without and 2.0 with.
/// </summary>
internal static class Prefetching
{
    public static bool Pays { get; } = Sse.IsSupported && !IsIntel();

    private static bool IsIntel()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        ReadOnlySpan<int> vendor = [first, second, third];
        return MemoryMarshal.AsBytes(vendor).SequenceEqual("GenuineIntel"u8);
    }
}
