using Basgd.Contracts.Programs;

namespace Basgd.Client;

/// <summary>Commands that are printed for people to copy into a shell.</summary>
internal static class FollowUp
{
    /// <summary>What the user called: a script such as <c>./run.sh</c>, or <c>basgd</c>.</summary>
    public static string Program => ProgramOf(EnvironmentVariables.Value(EnvironmentVariables.Program));

    internal static string ProgramOf(string? script) => string.IsNullOrEmpty(script) ? "basgd" : Quote(script);

    /// <summary>The text as one word of a POSIX shell.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c)) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
