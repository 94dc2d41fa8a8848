using System.CommandLine;
using Basgd.Client.Watching;
using Basgd.Contracts;

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
            var target = clusters.ToTrain(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var run = new JobRun(context, cluster, target, spec.EffectiveName, parse.WantsJson());
            return await run.ToTheEnd($"preparing {spec.Model} on {spec.Dataset}", async job =>
            {
                await job.Submit(spec);
                if ((await job.GetStatus()).Phase == JobPhase.Paused) await job.Resume();
            });
        });
        return verb;
    }
}
