using CsCheck;

namespace Basgd.Aggregation.Tests;

internal static class Generators
{
    /// <summary>Rows as of a gradient: no two values and no two distances alike, so that no rule has to break a tie.</summary>
    public static Gen<double[][]> UntiedRows(int least, int most, int dimensions = 70) =>
        from n in Gen.Int[least, most]
        from d in Gen.Int[1, dimensions]
        from seed in Gen.Int
        let random = new Random(seed)
        select Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, d).Select(_ => (6 * random.NextDouble()) - 3).ToArray()).ToArray();

    /// <summary>n rows of d values of ordinary size, round ones and equal ones among them; d goes over several vectors and their tails.</summary>
    public static Gen<double[][]> Rows(int least, int most, int dimensions = 70) =>
        from n in Gen.Int[least, most]
        from d in Gen.Int[0, dimensions]
        from rows in Gen.Double[-3, 3].Array[d].Array[n]
        select rows;

    /// <summary>Honest rows and f more that may be anything finite.</summary>
    public static Gen<(double[][] Honest, double[][] Bad)> Attacked(int honestPerBad) =>
        from f in Gen.Int[1, 4]
        from n in Gen.Int[(honestPerBad * f) + 3, (honestPerBad * f) + 8]
        from d in Gen.Int[1, 20]
        from honest in Gen.Double[-1, 1].Array[d].Array[n]
        from bad in Gen.OneOf(Gen.Double[-1e30, 1e30], Gen.Double[-2, 2]).Array[d].Array[f]
        select (honest, bad);

    public static float[][] ToFloat(double[][] rows) => [.. rows.Select(static row => row.Select(static x => (float)x).ToArray())];

    public static double[][] ToDouble(float[][] rows) => [.. rows.Select(static row => row.Select(static x => (double)x).ToArray())];
}
