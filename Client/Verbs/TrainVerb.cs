using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>train</c>: submit a job and see it to its end.</summary>
internal static class TrainVerb
{
    public static Command Build(Context context)
    {
        var specs = new SpecOptions();
        var clusters = new ClusterOptions();
        var verb = new Command("train", "Train a model: start a local silo if need be, submit the job, watch it, sum up. An unfinished job of the same name and spec goes on.");
        specs.AddTo(verb);
        clusters.AddTo(verb, mayTrain: true);
        verb.SetAction(async parse =>
        {
            var spec = specs.Read(parse);
            context.Terminal.Warn(JobSpecAdvice.For(spec));
            var target = clusters.ToTrain(parse, StateUse.Make, spec.EffectiveName, spec.Workers);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var run = new JobRun(context, cluster, target, spec.EffectiveName, parse.WantsJson());
            var console = context.Terminal.Progress(parse.WantsJson());
            return await run.ToTheEnd($"preparing {spec.Model} on {spec.Dataset}", async job =>
            {
                if (await Submission.Submit(cluster, spec) is { } found) console.WriteLine($"{spec.EffectiveName} is there already: {Describe(found)}");
                if ((await job.GetStatus()).Phase == JobPhase.Paused) await job.Resume();
            });
        });
        return verb;
    }

    private static string Describe(JobPhase found) => found switch
    {
        JobPhase.Paused => "paused; it goes on",
        JobPhase.Running => "running; it goes on",
        var ended => Show.Phase(ended),
    };
}
