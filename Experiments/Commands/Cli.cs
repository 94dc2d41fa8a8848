using System.CommandLine;
using System.CommandLine.Help;
using Basgd.Contracts.Programs;
using Basgd.Learning;

namespace Basgd.Experiments.Commands;

/// <summary>
/// The verbs <c>simulate</c> and <c>experiment</c> of the basgd command. Exit codes as there: 0 done, 1 failed, 2 wrong use. No exception
/// gets past it.
/// </summary>
internal static class Cli
{
    public const int Failed = 1;
    public const int WrongUse = 2;

    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            if (EnvironmentVariables.Mistyped() is { Count: > 0 } mistyped) return Fail(mistyped, WrongUse);

            // Not a root command: that would be called what the file is called.
            var basgd = new Command("basgd", "Simulations in virtual time, with true gradients.")
            {
                JsonOption.Create(),
                ExperimentCommand.Build(output, error),
                SimulateCommand.Build(output, error),
            };
            basgd.Add(new HelpOption());
            var parse = basgd.Parse(SpecFile.Expand(args));
            if (parse.Errors.Count > 0 && parse.Action is not HelpAction) return Fail([.. parse.Errors.Select(static e => e.Message)], WrongUse);
            return await parse.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure)
        {
            var (line, code) = Explain(FailureText.Cause(failure));
            return Fail(FailureText.ShowsAll ? [line, $"{failure}"] : [line], code);
        }

        int Fail(IReadOnlyList<string> lines, int code)
        {
            foreach (var line in lines) error.WriteLine(line);
            if (args.Contains(JsonOption.Name)) output.WriteJson(new { error = string.Join('\n', lines) });
            return code;
        }
    }

    private static (string Line, int Code) Explain(Exception failure) => failure switch
    {
        ArgumentException => (FailureText.Line(failure), WrongUse),
        OperationCanceledException => ("interrupted; what is finished is kept, the same command goes on from there", Failed),
        WorkloadUnavailableException => (failure.Message, Failed),
        IOException or UnauthorizedAccessException => (FailureText.Line(failure), Failed),
        _ => (FailureText.Unexpected(failure), Failed),
    };
}
