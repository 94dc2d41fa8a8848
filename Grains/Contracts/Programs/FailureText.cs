using System.Reflection;
using System.Runtime.InteropServices;

namespace Basgd.Contracts.Programs;

/// <summary>What a program says of an exception that ends it: one line. <c>BASGD_DEBUG=1</c> shows all of it.</summary>
public static class FailureText
{
    private const int MaxLength = 400;

    /// <summary>What libtorch says when it is out of memory.</summary>
    private static readonly string[] Memory = ["can't allocate memory", "out of memory"];

    /// <summary>Whether the user asked for the whole exception.</summary>
    public static bool ShowsAll => EnvironmentVariables.Value(EnvironmentVariables.Debug) is "1" or "true";

    /// <summary>One line for an exception that the program expects: its cause, in the words of the exception.</summary>
    public static string Line(Exception failure)
    {
        var cause = Cause(failure);
        return cause switch
        {
            _ when IsOutOfMemory(cause) => "out of memory: this needs more memory than there is",
            TypeLoadException or FileLoadException or BadImageFormatException =>
                $"an error came back that this program cannot read; the log of the silo has it ({FirstLine(cause.Message)})",

            // What our parameter is called is nothing to a user.
            ArgumentException { ParamName: { } ours } => FirstLine(cause.Message.Replace($" (Parameter '{ours}')", "", StringComparison.Ordinal)),
            OperationCanceledException => $"there was no answer in time ({FirstLine(cause.Message)})",
            _ => FirstLine(cause.Message) is { Length: > 0 } message ? message : cause.GetType().Name,
        };
    }

    /// <summary>One line for an exception that the program does not expect: also its kind, and how to see more.</summary>
    public static string Unexpected(Exception failure)
    {
        var line = Line(failure);
        return $"{line}{(IsOutOfMemory(Cause(failure)) ? "" : $" [{Cause(failure).GetType().Name}]")}; {EnvironmentVariables.Debug}=1 shows all of it";
    }

    /// <summary>The first line of a text, and no more than a person reads.</summary>
    private static string FirstLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end].TrimEnd();
        return line.Length > MaxLength ? $"{line[..MaxLength]}…" : line.ToString();
    }

    /// <summary>What is inside of exceptions that only carry others.</summary>
    public static Exception Cause(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Cause(first),
        TargetInvocationException or TypeInitializationException when failure.InnerException is { } inner => Cause(inner),
        _ => failure,
    };

    /// <summary>Native libraries have kinds of their own for it.</summary>
    private static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException
        || (failure is ExternalException && Memory.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase)));
}
