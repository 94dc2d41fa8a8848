using System.Numerics;
using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>Which repetitions of a problem are worth a log line: a new one, and of the same one the second, fourth, eighth … Thread-safe.</summary>
public sealed class RepeatedProblem
{
    private readonly Lock gate = new();
    private string? last;
    private int times;

    /// <param name="reason">Problems that differ in digits only, such as times and ports, are the same.</param>
    /// <param name="count">How often in a row it was met.</param>
    public bool IsNews(string reason, out int count)
    {
        var key = string.Concat(reason.Where(static letter => !char.IsAsciiDigit(letter)));
        lock (gate)
        {
            if (key != last) (last, times) = (key, 0);
            count = ++times;
            return BitOperations.IsPow2(count);
        }
    }

    /// <summary>The failure itself if its stack is worth logging: the first time, if nobody expects it. Else null.</summary>
    public static Exception? WithStack(Exception failure, int count) => count == 1 && !FailureReason.IsExpected(failure) ? failure : null;

    /// <summary>It went well: the next problem is a new one.</summary>
    public void Clear()
    {
        lock (gate) (last, times) = (null, 0);
    }
}
