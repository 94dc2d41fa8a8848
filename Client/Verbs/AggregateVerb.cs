using System.CommandLine;
using Basgd.Client.Aggregating;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>aggregate</c>: a rule on vectors, for trying it and for checking it against others.</summary>
internal static class AggregateVerb
{
    private const string What = """aggregate reads a request as JSON, such as {"rule": "median", "vectors": [[1], [2], [9]]}""";

    public static Command Build(Context context)
    {
        var verb = new Command("aggregate", """
            Apply a rule to vectors read as JSON from standard input, in double precision. In: {"rule": "trimmed-mean", "parameters": {"f": 1}, "vectors": [[1, 2], [3, 4], [5, 6]]}, or a list of such. Out: {"result": [3, 4]} or {"error": "..."}, a list for a list. Exit code 1 if any is an error.
            """);
        verb.SetAction(async _ =>
        {
            var (answer, failed) = AggregateRequest.Answer(await Read(context));
            await context.Terminal.RawOut.WriteLineAsync(answer);
            return failed ? ExitCode.Failed : ExitCode.Done;
        });
        return verb;
    }

    private static async Task<string> Read(Context context)
    {
        var terminal = context.Terminal;
        if (terminal.IsInputClosed) throw new UsageException($"standard input is closed; {What}");
        if (terminal.IsInputTyped) terminal.Error.WriteLine($"{What}; Ctrl-D ends it, Ctrl-C leaves.");

        // Reading a console or a pipe blocks its thread and cannot be cancelled; waiting for it can.
        var request = await Task.Run(terminal.In.ReadToEnd).WaitAsync(context.Interrupted);
        return string.IsNullOrWhiteSpace(request) ? throw new UsageException($"standard input is empty; {What}") : request;
    }
}
