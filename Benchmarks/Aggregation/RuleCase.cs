using Basgd.Aggregation.Kernels;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>One line of the table: a rule on B rows of d floats.</summary>
/// <param name="Rule">As a job asks for it.</param>
/// <param name="F">f where the text does not give it.</param>
/// <param name="Rows">B.</param>
/// <param name="Dimension">d.</param>
/// <param name="Width">Vector width of the kernels.</param>
/// <param name="Target">Time over the mean's of the same rows that the project asks for; null where it asks for none.</param>
public sealed record RuleCase(string Rule, int F, int Rows, int Dimension, int Threads, int Width, double? Target)
{
    /// <summary>The two sizes: ResNet-20's parameters, which stay in the last-level cache, and ResNet-50's, which do not.</summary>
    public const int InCache = 272_474;

    /// <inheritdoc cref="InCache"/>
    public const int InMemory = 25_557_032;

    internal SimdWidth SimdWidth => (SimdWidth)Width;

    public static IEnumerable<RuleCase> All(IReadOnlyList<int> dimensions) =>
        from dimension in dimensions
        from threads in (int[])[1, 2]
        from width in (int[])[512, 256]
        where width <= (int)Simd.Width
        from line in Lines(dimension, width == 512)
        select line with { Dimension = dimension, Threads = threads, Width = width };

    public override string ToString() => $"{Rule} f={F} B={Rows} d={Dimension} T={Threads} {Width}";

    private static IEnumerable<RuleCase> Lines(int dimension, bool wide)
    {
        foreach (var rows in (int[])[10, 30]) yield return Line("mean", 0, rows, null);
        foreach (var rows in (int[])[5, 10, 15]) yield return Line("median", 0, rows, wide ? 1.10 : 1.6);
        yield return Line("median", 0, 30, wide ? 1.15 : 2.0);
        foreach (var rows in (int[])[10, 15]) yield return Line("trimmed-mean", 2, rows, wide ? 1.15 : 2.0);
        yield return Line("trimmed-mean", 6, 30, wide ? 1.3 : 2.5);
        yield return Line("meamed", 2, 10, wide ? 3 : 5);
        yield return Line("meamed", 6, 30, wide ? 3 : 5);

        // The target is for the distances of at least four million columns; the sum that follows may take one mean more.
        foreach (var rows in (int[])[10, 30])
        {
            var f = rows / 5;
            double? target = dimension < 4_000_000 ? null : 1 + ((rows, wide) switch { (10, true) => 1.4, (10, false) => 3, (_, true) => 2.5, _ => 6 });
            foreach (var rule in (string[])["krum", "multi-krum", "geometric-median", "monna"]) yield return Line(rule, f, rows, target);
            yield return Line("centered-clipping", f, rows, wide ? 2.5 : 3.5);
            yield return Line("clipping(c=1)|mean", f, rows, wide ? 2.5 : 3.5);
            yield return Line("bucketing(s=2)|mean", f, rows, wide ? 2.5 : 3.5);
            yield return Line("nnm|trimmed-mean", f, rows, (rows, wide) switch { (10, true) => 4, (10, false) => 8, (_, true) => 10, _ => 20 });
        }
    }

    private static RuleCase Line(string rule, int f, int rows, double? target) => new(rule, f, rows, 0, 0, 0, target);
}
