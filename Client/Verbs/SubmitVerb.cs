using System.CommandLine;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary><c>submit</c>: hand a job over and leave.</summary>
internal static class SubmitVerb
{
    public static Command Build(Context context)
    {
        var specs = new SpecOptions();
        var clusters = new ClusterOptions();
        var verb = new Command("submit", "Submit a job and leave. On --state the silo trains it in the background until the job ends; one is started if none runs.");
        specs.AddTo(verb);
        clusters.AddTo(verb, mayTrain: true);
        verb.SetAction(async parse =>
        {
            var spec = specs.Read(parse);
            var name = spec.EffectiveName;
            var target = clusters.ToTrain(parse, StateUse.Make, name, spec.Workers);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var found = await Submission.Submit(cluster, spec).WaitAsync(context.Interrupted);
            var status = await cluster.Job(name).GetStatus().WaitAsync(context.Interrupted);
            if (status.Phase == JobPhase.Running) await cluster.Keep(name, target.Need.Slots);
            if (parse.WantsJson()) context.Terminal.WriteJson(status);
            else context.Terminal.Out.WriteWhole(found is null ? $"submitted {name}{Background(target)}" : Describe(name, status.Phase, target));
            context.Terminal.Warn(status.Warnings);
            return status.Phase is JobPhase.Running ? ExitCode.Done : ExitCode.Of(status.Phase);
        });
        return verb;
    }

    private static string Describe(string name, JobPhase phase, ClusterTarget target) => phase switch
    {
        JobPhase.Running => $"{name} runs already{Background(target)}",
        JobPhase.Paused => $"{name} is paused; resume it with {Summary.Resume(name, target)}",
        JobPhase.Completed => $"{name} is completed already",
        _ => $"{name} is there already: {Show.Phase(phase)}; choose another name, or another state directory",
    };

    private static string Background(ClusterTarget target) => target.Address is null ? $"; it trains in the background (log: {Path.Combine(target.State, "silo.log")})" : "";
}
