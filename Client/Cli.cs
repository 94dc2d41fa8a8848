using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Basgd.Client.Clusters;
using Basgd.Client.Verbs;
using Basgd.Contracts;
using Basgd.Contracts.Access;
using Basgd.Contracts.Programs;

namespace Basgd.Client;

/// <summary>The <c>basgd</c> command: its verbs, and how their outcomes become exit codes. No exception gets past it.</summary>
internal sealed class Cli
{
    private readonly Context context;
    private readonly RootCommand root;

    public Cli(Context context)
    {
        this.context = context;
        root = new RootCommand("Trains one model with many workers that nobody has to trust or wait for.")
        {
            JsonOption.Create(),
            TrainVerb.Build(context),
            SubmitVerb.Build(context),
            StatusVerb.Build(context),
            WatchVerb.Build(context),
            PauseVerb.Build(context),
            ResumeVerb.Build(context),
            StopVerb.Build(context),
            LiftVerb.Build(context),
            EvaluateVerb.Build(context),
            ExportVerb.Build(context),
            SilosVerb.Build(context),
            VerifyVerb.Build(context),
            AggregateVerb.Build(context),
            ModelsVerb.Build(context),
            DatasetsVerb.Build(context),
            RulesVerb.Build(context),
            AttacksVerb.Build(context),
            SchemaVerb.Build(context),
            SimulateVerb.Build(context),
            ExperimentVerb.Build(context),
        };
    }

    public async Task<int> Run(IReadOnlyList<string> args)
    {
        try
        {
            if (EnvironmentVariables.Mistyped() is { Count: > 0 } mistyped) return Fail(mistyped, ExitCode.WrongUse, args);
            var parse = root.Parse(args);
            if (parse.Action is not HelpAction && Problems(parse) is { Count: > 0 } problems)
                return Fail([.. problems, $"Try {string.Join(' ', [FollowUp.Program, .. Path(parse.CommandResult).Skip(1)])} --help."], ExitCode.WrongUse, args);
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                Output = context.Terminal.RawOut,
                Error = context.Terminal.Error.Profile.Out.Writer,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception failure)
        {
            var (lines, code) = Explain(FailureText.Cause(failure));
            return Fail(FailureText.ShowsAll ? [.. lines, $"{failure}"] : lines, code, args);
        }
    }

    private static List<string> Problems(ParseResult parse) =>
        parse.Errors.Count > 0 ? Said(parse) : [.. Unknown(parse), .. Empty(parse.CommandResult)];

    /// <summary>A verb that is not known is the mistake, not that there is none.</summary>
    private static List<string> Said(ParseResult parse)
    {
        if (parse.CommandResult.Command is RootCommand && parse.UnmatchedTokens is [var unknown, ..])
            return [$"{unknown}: no such {(unknown.StartsWith('-') ? "option" : "verb")}"];
        return [.. parse.Errors.Select(static error => error.Message)];
    }

    /// <summary>An unknown option that a verb would take for a file or a name; after a word of two dashes it is one.</summary>
    private static IEnumerable<string> Unknown(ParseResult parse) =>
        from argument in parse.CommandResult.Children.OfType<ArgumentResult>()
        from token in argument.Tokens
        where token.Value.StartsWith("--", StringComparison.Ordinal) && parse.Tokens.All(static word => word.Type != TokenType.DoubleDash)
        select $"{token.Value}: no such option";

    /// <summary>No option and no argument of ours means anything by an empty text.</summary>
    private static IEnumerable<string> Empty(CommandResult verb) =>
        from part in verb.Children
        where part.Tokens.Any(static token => token.Value.Length == 0)
        let name = part switch
        {
            OptionResult option => option.Option.Name.TrimStart('-'),
            ArgumentResult argument => argument.Argument.Name,
            _ => "argument",
        }
        select $"{name} = : must not be empty";

    private static IEnumerable<string> Path(CommandResult verb) =>
        verb.Parent is CommandResult parent ? [.. Path(parent), verb.Command.Name] : [verb.Command.Name];

    /// <summary>Lines for people, and the exit code.</summary>
    private (IReadOnlyList<string> Lines, int Code) Explain(Exception failure) => failure switch
    {
        JobSpecException wrong => (wrong.Problems, ExitCode.WrongUse),
        UsageException => ([failure.Message], ExitCode.WrongUse),
        OperationCanceledException when context.Interrupted.IsCancellationRequested => (["interrupted"], ExitCode.Failed),
        ClusterException or AccessRefusedException or JobRefusedException => ([failure.Message], ExitCode.Failed),
        OrleansException or TimeoutException or IOException or InvalidDataException or UnauthorizedAccessException =>
            ([FailureText.Line(failure)], ExitCode.Failed),
        _ => ([FailureText.Unexpected(failure)], ExitCode.Failed),
    };

    /// <summary>Says it on standard error and, with --json, also as a document; one of the two may be closed or full.</summary>
    private int Fail(IReadOnlyList<string> lines, int code, IReadOnlyList<string> args)
    {
        try
        {
            // Not by the console, which breaks long lines, and takes long for it.
            foreach (var line in lines) context.Terminal.Error.Profile.Out.Writer.WriteLine(line);
            if (args.Contains(JsonOption.Name)) context.Terminal.WriteJson(new { error = string.Join('\n', lines) });
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            // The exit code is all that can be said.
        }

        return code;
    }
}
