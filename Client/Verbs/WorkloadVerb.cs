using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary>The form of the verbs that ask a silo what it can train.</summary>
internal static class WorkloadVerb
{
    public static Command Command(Context context, string verb, string description, Func<IWorkloadCatalogGrain, Task<IReadOnlyList<CatalogEntry>>> ask)
    {
        var clusters = new ClusterOptions();
        var command = new Command(verb, description);
        clusters.AddTo(command, mayTrain: false);
        command.SetAction(async parse =>
        {
            await using var cluster = await context.Clusters.Open(clusters.ToRead(parse, StateUse.List), context.Interrupted);
            var entries = await ask(cluster.Workloads).WaitAsync(context.Interrupted);
            if (parse.WantsJson()) context.Terminal.WriteJson(entries);
            else Listing.Write(context.Terminal.Out, entries.Select(static e => (e.Name, e.Summary)));
            return ExitCode.Done;
        });
        return command;
    }
}
