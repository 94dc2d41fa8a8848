using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Basgd.Client.Clusters;
using Basgd.Client.Verbs;
using Basgd.Contracts;
using Basgd.Contracts.Access;
using Spectre.Console;

namespace Basgd.Client;

/// <summary>The <c>basgd</c> command: its verbs, and how their outcomes become exit codes.</summary>
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
        var parse = root.Parse(args);
        if (parse.Errors.Count > 0 && parse.Action is not HelpAction)
            return Fail([.. parse.Errors.Select(static e => e.Message), $"Try {string.Join(' ', Path(parse.CommandResult))} --help."], ExitCode.WrongUse, args);

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                Output = context.Terminal.RawOut,
                Error = context.Terminal.Error.Profile.Out.Writer,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (JobSpecException wrong)
        {
            return Fail(wrong.Problems, ExitCode.WrongUse, args);
        }
        catch (UsageException wrong)
        {
            return Fail([wrong.Message], ExitCode.WrongUse, args);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            return Fail(["interrupted"], ExitCode.Failed, args);
        }
        catch (Exception failure) when (failure is ClusterException or AccessRefusedException or JobRefusedException or OrleansException or TimeoutException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail([failure.Message], ExitCode.Failed, args);
        }
    }

    private static IEnumerable<string> Path(CommandResult verb) =>
        verb.Parent is CommandResult parent ? [.. Path(parent), verb.Command.Name] : [verb.Command.Name];

    private int Fail(IReadOnlyList<string> lines, int code, IReadOnlyList<string> args)
    {
        foreach (var line in lines) context.Terminal.Error.WriteLine(line);
        if (args.Contains(JsonOption.Name)) context.Terminal.WriteJson(new { error = string.Join('\n', lines) });
        return code;
    }
}
