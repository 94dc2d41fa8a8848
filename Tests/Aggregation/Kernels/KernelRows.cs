using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

/// <summary>Rows and sizes that kernels are tried on.</summary>
internal static class KernelRows
{
    public static readonly SimdWidth[] Widths = [SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    /// <summary>Around whole registers, panels, blocks and chunks.</summary>
    public static readonly int[] Dimensions = [0, 1, 15, 16, 17, 31, 63, 64, 65, 1000, 5000, 16385, 40000];

    public static double[][] Make(int n, int d, Func<int, int, Random, double> value)
    {
        var random = new Random((1000 * n) + d);
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, d).Select(k => value(i, k, random)).ToArray())];
    }

    public static double[][] Ordinary(int n, int d) => Make(n, d, static (_, _, random) => (2 * random.NextDouble()) - 1);
}
