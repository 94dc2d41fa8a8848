namespace Basgd.Tests;

internal static class PrintedAssertions
{
    /// <summary>Where it does not, all of what was printed is shown.</summary>
    public static void ShouldSay(this string printed, string text) => printed.Contains(text, StringComparison.Ordinal).ShouldBeTrue($"{text} is not in\n{printed}");
}
