using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>watch</c>: look on; leaving changes nothing.</summary>
internal static class WatchVerb
{
    public static Command Build(Context context)
    {
        var name = JobVerb.NameArgument();
        var clusters = new ClusterOptions();
        var verb = new Command("watch", "Show a running job until it ends. Ctrl-C leaves; the job goes on.") { name };
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            // A silo that only this command keeps alive would have nothing to show.
            var target = clusters.ToRead(parse, StateUse.Use);
            var job = parse.GetRequiredValue(name);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var status = await Watch(context, context.Terminal.Progress(parse.WantsJson()), cluster, target, job);
            if (parse.WantsJson()) context.Terminal.WriteJson(status);
            else if (status.Phase != JobPhase.Running) Summary.Write(context.Terminal.Out, status, target);
            return ExitCode.Of(status.Phase);
        });
        return verb;
    }

    private static async Task<JobStatus> Watch(Context context, IAnsiConsole console, ICluster cluster, ClusterTarget target, string job)
    {
        while (true)
        {
            try
            {
                return await new JobWatcher(console, context.Time).Watch(cluster, job, context.Interrupted);
            }
            catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
            {
                return await cluster.Job(job).GetStatus();
            }
            catch (SiloEndedException gone)
            {
                console.WriteWhole(gone.Message);
                await Reopen(cluster, $"nothing trains {job} any more; go on from the last durable step: {Summary.Resume(job, target)}", context.Interrupted);
            }
        }
    }

    /// <summary>Another command may have started a silo in the place of the one that is gone.</summary>
    private static async Task Reopen(ICluster cluster, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.Reopen(cancellationToken);
        }
        catch (ClusterException none)
        {
            throw new ClusterException($"{none.Message}: {otherwise}", none);
        }
    }
}
