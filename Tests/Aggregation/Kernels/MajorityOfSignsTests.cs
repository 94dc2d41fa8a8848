using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class MajorityOfSignsTests
{
    private const int LongProgram = CompiledKernel<float>.MostOperations;

    /// <summary>Of so many rows that the last program is too long to be compiled.</summary>
    [Fact]
    public void Is_the_same_compiled_for_every_width_and_interpreted()
    {
        var random = new Random(4);
        foreach (var n in new[] { 1, 2, 5, 8, 30, LongProgram })
        {
            float[][] rows = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 83).Select(_ => (float)random.Next(-2, 3)).ToArray())];
            float[] expected = [.. Naive.SignMajority(Generators.ToDouble(rows)).Select(static x => (float)x)];
            foreach (var width in Enum.GetValues<SimdWidth>())
            {
                var result = new float[83];
                new CoordinateAggregator<float>([], new SignMajority(), threads: 1, width).Aggregate(Run.Memories(rows), result, round: 0);
                result.ShouldBe(expected, customMessage: $"{n} rows, {width}");
            }
        }
    }
}
