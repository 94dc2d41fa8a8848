using System.Text.Json;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client;

/// <summary>Where a verb reads and writes. Answers go to <see cref="Out"/>, or as one JSON document to <see cref="RawOut"/>; then everything else goes to <see cref="Error"/>.</summary>
internal sealed record Terminal(TextReader In, TextWriter RawOut, IAnsiConsole Out, IAnsiConsole Error)
{
    /// <summary>Nobody resizes a file: lines there are not broken.</summary>
    private const int WidthOfFiles = 400;

    /// <summary>Whether somebody types the input.</summary>
    public bool IsInputTyped { get; init; }

    /// <summary>Whether this process was started without standard input.</summary>
    public bool IsInputClosed { get; init; }

    public static Terminal Of(TextReader input, TextWriter output, TextWriter error)
    {
        var isStandard = ReferenceEquals(input, System.Console.In);
        return new Terminal(input, output, Console(output), Console(error))
        {
            IsInputTyped = isStandard && !System.Console.IsInputRedirected,
            IsInputClosed = isStandard && StandardInput.IsClosed(),
        };
    }

    /// <summary>Where people look while the verb works.</summary>
    public IAnsiConsole Progress(bool json) => json ? Error : Out;

    public void WriteJson<T>(T document) => RawOut.WriteLine(JsonSerializer.Serialize(document, AnswerJson.Options));

    /// <summary>Says what a user should know although the verb goes on. Never on standard output.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings) Error.WriteWhole($"warning: {warning}");
    }

    /// <summary>Whether pictures can be redrawn in place.</summary>
    public static bool IsLive(IAnsiConsole console) => console.Profile is { Out.IsTerminal: true, Capabilities: { Ansi: true, Interactive: true } };

    private static IAnsiConsole Console(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        if (!output.IsTerminal) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
