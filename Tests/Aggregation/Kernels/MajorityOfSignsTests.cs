using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class MajorityOfSignsTests
{
    /// <summary>The last with so many rows that the program is compiled in parts.</summary>
    [Fact]
    public void Is_the_same_compiled_for_every_width_and_interpreted()
    {
        var random = new Random(4);
        foreach (var n in new[] { 1, 2, 5, 8, 30, 700 })
        {
            float[][] rows = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 83).Select(_ => (float)random.Next(-2, 3)).ToArray())];
            float[] expected = [.. Naive.SignMajority(Generators.ToDouble(rows)).Select(static x => (float)x)];
            foreach (var kernel in CoordinateKernelTests.Kernels<float>(new MajorityOfSigns(n)))
            {
                var result = new float[83];
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, result, Simd.Width, 1).ShouldBeTrue();
                result.ShouldBe(expected, customMessage: $"{n} rows, {kernel.GetType().Name} of {kernel.Lanes}");
            }
        }
    }
}
