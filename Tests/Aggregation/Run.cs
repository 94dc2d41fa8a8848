using System.Numerics;

namespace Basgd.Aggregation.Tests;

internal static class Run
{
    /// <summary>A rule by its text on rows given as arrays.</summary>
    public static T[] Rule<T>(string text, params T[][] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new T[rows[0].Length];
        Rules.Create<T>(text).Aggregate([.. rows.Select(static r => new ReadOnlyMemory<T>(r))], result);
        return result;
    }
}
