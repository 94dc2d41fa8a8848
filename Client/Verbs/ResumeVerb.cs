using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>resume</c>: go on from the last durable step, after a pause or a crash.</summary>
internal static class ResumeVerb
{
    public static Command Build(Context context)
    {
        var name = JobVerb.NameArgument();
        var clusters = new ClusterOptions();
        var watch = new Option<bool>("--watch") { Description = "With --cluster: watch the job to its end too." };
        var verb = new Command("resume", "Go on with a job from its last durable step. On a local silo: watch it to its end, as `train` does.") { name, watch };
        clusters.AddTo(verb, mayTrain: true);
        verb.SetAction(async parse =>
        {
            var job = parse.GetRequiredValue(name);
            var target = clusters.ToTrain(parse, StateUse.Use, job);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);

            async Task Resume(ITrainingJobGrain resumed)
            {
                // A completed job has nothing to go on with, and its summary is the answer.
                var status = await resumed.GetStatus();
                if (status.Phase == JobPhase.Completed) return;
                await cluster.AskFor(clusters.Slots(parse, status.Spec.Workers));
                await resumed.Resume();
            }

            if (target.Address is null || parse.GetValue(watch)) return await new JobRun(context, cluster, target, job, parse.WantsJson()).ToTheEnd($"resuming {job}", Resume);
            await cluster.Job(job).Resume().WaitAsync(context.Interrupted);
            if (parse.WantsJson()) context.Terminal.WriteJson(await cluster.Job(job).GetStatus());
            else context.Terminal.Out.WriteLine($"resumed {job}");
            return ExitCode.Done;
        });
        return verb;
    }

}
