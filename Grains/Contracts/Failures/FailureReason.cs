using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Basgd.Contracts;

/// <summary>Says in one line for people why something failed: the cause, without a stack, wrappers or secrets.</summary>
public static partial class FailureReason
{
    /// <summary>No reason is longer.</summary>
    public const int MaxLength = 400;

    /// <summary>The reason. A message of our own is taken whole, because it was written for people; else the innermost exception is the cause.</summary>
    public static string From(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Exception[] chain = [.. Chain(failure)];
        var own = chain.FirstOrDefault(IsOwn);
        var text = own is not null ? own.Message : Cause(chain);
        return Shorten(Redact(Blanks().Replace(text, " ").Trim().TrimEnd('.')));
    }

    /// <summary>Whether the reason says it all, as of a refusal, missing data or a silo that is gone. Any other deserves its stack in the log, once.</summary>
    public static bool IsExpected(Exception failure) =>
        Chain(failure).Any(static part => IsOwn(part) || part is OrleansException or TimeoutException or SocketException or OutOfMemoryException);

    /// <summary>From the outermost to the innermost.</summary>
    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var part = failure; part is not null; part = part is AggregateException { InnerExceptions: [var first, ..] } ? first : part.InnerException)
            yield return part;
    }

    private static bool IsOwn(Exception failure) => failure.GetType().Namespace?.StartsWith("Basgd", StringComparison.Ordinal) == true;

    private static string Cause(Exception[] chain)
    {
        var cause = chain[^1];
        var line = FirstLine(cause);
        switch (cause)
        {
            case SocketException when chain.OfType<HttpRequestException>().FirstOrDefault(outer => Repeats(outer, cause)) is { } request:
                return LowerFirst(FirstLine(request));
            case TimeoutException when NoResponse().Match(line) is { Success: true } match
                && TimeSpan.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var waited):
                return string.Create(CultureInfo.InvariantCulture, $"no answer within {waited.TotalSeconds:0.#} s");
            case OperationCanceledException:
                return "no answer in time";
            case OutOfMemoryException:
                return $"out of memory: {LowerFirst(line)}";
            case ArgumentException when Unknown().Match(line) is { Success: true } match:
                var role = match.Groups[1].Value.Contains("Work", StringComparison.Ordinal) ? "worker" : "server";
                return $"no {role} silo has joined the cluster; start one with the role {role} or all";
            default:
                return line.Length == 0 ? cause.GetType().Name : LowerFirst(line);
        }
    }

    /// <summary>Further lines of a message that is not our own are headers of an answer, or a stack.</summary>
    private static string FirstLine(Exception failure) => failure.Message.Trim().Split('\n')[0].Trim().TrimEnd('.');

    /// <summary>The client of HTTP adds the address.</summary>
    private static bool Repeats(HttpRequestException outer, Exception cause) => outer.Message.Contains(cause.Message, StringComparison.Ordinal);

    private static string LowerFirst(string text) =>
        text is [var first, var second, ..] && char.IsUpper(first) && char.IsLower(second) ? $"{char.ToLowerInvariant(first)}{text[1..]}" : text;

    private static string Redact(string text) => UserInfo().Replace(Secret().Replace(text, "$1***"), "$1***@");

    private static string Shorten(string text) => text.Length <= MaxLength ? text : $"{text[..(MaxLength - 1)]}…";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^Response did not arrive on time in (\S+)")]
    private static partial Regex NoResponse();

    [GeneratedRegex(@"^Could not find an implementation for interface (\S+)")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"((?:password|pwd|accountkey|sharedaccesssignature|sharedaccesskey|sig|secret)\s*=\s*)[^;,&\s]+", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/@\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
