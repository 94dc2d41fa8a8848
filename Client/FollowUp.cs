namespace Basgd.Client;

/// <summary>Commands that are printed for people to copy into a shell.</summary>
internal static class FollowUp
{
    /// <summary>Environment variable in which a script that starts this program says how it was called itself.</summary>
    public const string Variable = "BASGD_PROGRAM";

    /// <summary>What the user called: a script such as <c>./run.sh</c>, or <c>basgd</c>.</summary>
    public static string Program => ProgramOf(Environment.GetEnvironmentVariable(Variable));

    internal static string ProgramOf(string? script) => string.IsNullOrEmpty(script) ? "basgd" : Quote(script);

    /// <summary>The text as one word of a POSIX shell.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c)) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
