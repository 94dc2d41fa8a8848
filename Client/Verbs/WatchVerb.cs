using System.CommandLine;
using Basgd.Client.Watching;
using Basgd.Contracts;

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
            var target = clusters.ToAsk(parse) with { Start = null };
            var job = parse.GetRequiredValue(name);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            JobStatus status;
            try
            {
                status = await new JobWatcher(context.Terminal.Progress(parse.WantsJson()), context.Time).Watch(cluster, job, context.Interrupted);
            }
            catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
            {
                status = await cluster.Job(job).GetStatus();
            }

            if (parse.WantsJson()) context.Terminal.WriteJson(status);
            else if (status.Phase != JobPhase.Running) Summary.Write(context.Terminal.Out, status, target);
            return status.Phase == JobPhase.Failed ? ExitCode.Failed : ExitCode.Done;
        });
        return verb;
    }
}
