using System.CommandLine;
using Basgd.Client.Watching;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>status</c>: one job, or all of them.</summary>
internal static class StatusVerb
{
    public static Command Build(Context context)
    {
        var name = new Argument<string?>("NAME") { Description = "Name of the job. Default: list all jobs.", Arity = ArgumentArity.ZeroOrOne };
        var clusters = new ClusterOptions();
        var verb = new Command("status", "Show how a job stands, or list the jobs.") { name };
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            var target = clusters.ToRead(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            if (parse.GetValue(name) is { } job) return JobVerb.Answer(context, await cluster.Job(job).GetStatus().WaitAsync(context.Interrupted), target, parse.WantsJson());
            var jobs = await cluster.Jobs.List().WaitAsync(context.Interrupted);
            if (parse.WantsJson()) context.Terminal.WriteJson(jobs);
            else if (jobs.Count == 0) context.Terminal.Out.WriteLine("no jobs");
            else Listing.Write(context.Terminal.Out, jobs.Select(static entry => (entry.Name, Show.Phase(entry.Phase))));
            return ExitCode.Done;
        });
        return verb;
    }
}
