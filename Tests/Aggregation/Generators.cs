using CsCheck;

namespace Basgd.Aggregation.Tests;

internal static class Generators
{
    /// <summary>n rows of d values of ordinary size; d goes over several vectors and their tails.</summary>
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
