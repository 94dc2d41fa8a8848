using System.CommandLine;
using Basgd.Client.Aggregating;

namespace Basgd.Client.Verbs;

/// <summary><c>aggregate</c>: a rule on vectors, for trying it and for checking it against others.</summary>
internal static class AggregateVerb
{
    public static Command Build(Context context)
    {
        var verb = new Command("aggregate", """
            Apply a rule to vectors read as JSON from standard input, in double precision. In: {"rule": "trimmed-mean", "parameters": {"f": 1}, "vectors": [[1, 2], [3, 4], [5, 6]]}, or a list of such. Out: {"result": [3, 4]} or {"error": "..."}, a list for a list. Exit code 1 if any is an error.
            """);
        verb.SetAction(async _ =>
        {
            var (answer, failed) = AggregateRequest.Answer(await context.Terminal.In.ReadToEndAsync(context.Interrupted));
            await context.Terminal.RawOut.WriteLineAsync(answer);
            return failed ? ExitCode.Failed : ExitCode.Done;
        });
        return verb;
    }
}
