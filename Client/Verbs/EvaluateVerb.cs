using System.CommandLine;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>evaluate</c>: how good the newest checkpoint is.</summary>
internal static class EvaluateVerb
{
    public static Command Build(Context context)
    {
        var name = JobVerb.NameArgument();
        var clusters = new ClusterOptions();
        var verb = new Command("evaluate", "Judge a job's newest checkpoint on the held-out data.") { name };
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            await using var cluster = await context.Clusters.Open(clusters.ToAsk(parse), context.Interrupted);
            var job = parse.GetRequiredValue(name);
            var point = await cluster.Job(job).Evaluate().WaitAsync(context.Interrupted);
            if (parse.WantsJson()) context.Terminal.WriteJson(point);
            else context.Terminal.Out.WriteLine($"{job} at step {Show.Count(point.Version.Step)}, epoch {Show.Number(point.Epoch, "F2")}: {Judgement(point)}");
            return ExitCode.Done;
        });
        return verb;
    }

    private static string Judgement(EvaluationPoint point)
    {
        var (name, value) = Show.Quality(point);
        return $"{name} {value}, loss {Show.Number(point.Loss)}";
    }
}
