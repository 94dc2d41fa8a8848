using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>How many bits a kernel works on at once. Every kernel exists in each width, and gives the same bits in each unless it says otherwise.</summary>
internal enum SimdWidth
{
    /// <summary>Any machine: what the hardware lacks is emulated.</summary>
    Bits128 = 128,

    /// <summary>AVX2.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>Which width kernels use.</summary>
internal static class Simd
{
    /// <summary>The switch that forces a width: the AppContext switch, or environment variable, of this name; 128, 256 or 512. Default: the widest the processor has.</summary>
    public const string Switch = "BASGD_SIMD_BITS";

    /// <summary>What is used where a caller asks for nothing else.</summary>
    public static SimdWidth Width { get; } = Choose(AppContext.GetData(Switch) as string ?? Environment.GetEnvironmentVariable(Switch));

    /// <exception cref="ArgumentException">The text is not a width.</exception>
    internal static SimdWidth Choose(string? forced) => forced switch
    {
        null or "" => Vector512.IsHardwareAccelerated ? SimdWidth.Bits512 : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256 : SimdWidth.Bits128,
        "128" => SimdWidth.Bits128,
        "256" => SimdWidth.Bits256,
        "512" => SimdWidth.Bits512,
        _ => throw new ArgumentException($"{Switch} = {forced}: must be 128, 256 or 512."),
    };
}
