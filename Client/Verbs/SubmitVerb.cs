using System.CommandLine;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>submit</c>: hand a job over and leave.</summary>
internal static class SubmitVerb
{
    public static Command Build(Context context)
    {
        var specs = new SpecOptions();
        var clusters = new ClusterOptions();
        var verb = new Command("submit", "Submit a job to a running silo or cluster and leave. Without one the job is kept in --state, for `resume`.");
        specs.AddTo(verb);
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            var spec = specs.Read(parse);
            var target = clusters.ToAsk(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var job = cluster.Job(spec.EffectiveName);
            await job.Submit(spec).WaitAsync(context.Interrupted);
            var status = await job.GetStatus();
            if (parse.WantsJson()) context.Terminal.WriteJson(status);
            else context.Terminal.Out.WriteLine($"submitted {spec.EffectiveName}");
            context.Terminal.Warn(status.Warnings);
            return ExitCode.Done;
        });
        return verb;
    }
}
