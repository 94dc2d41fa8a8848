using System.CommandLine;
using Basgd.Client.Verifying;
using Basgd.Client.Watching;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>verify</c>: whether each gradient went into one step and each step follows from its gradients.</summary>
internal static class VerifyVerb
{
    public static Command Build(Context context)
    {
        var name = JobVerb.NameArgument();
        var replay = new Option<bool?>("--replay") { Description = "Make every step again and compare the parameters bit for bit. Default: where that takes a minute or so, and the token may act.", HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };
        var clusters = new ClusterOptions();
        var verb = new Command("verify", "Check the ledger of a job that keeps one (ledger: true).") { name, replay };
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            await using var cluster = await context.Clusters.Open(clusters.ToAsk(parse), context.Interrupted);
            var wanted = parse.GetResult(replay) is null ? (bool?)null : parse.GetValue(replay) ?? true;
            var job = cluster.Job(parse.GetRequiredValue(name));
            var found = await Verifier.Verify(job, wanted, context.Terminal.Progress(parse.WantsJson()).WriteLine, context.Interrupted);
            if (parse.WantsJson()) context.Terminal.WriteJson(found);
            else foreach (var line in Lines(found)) context.Terminal.Out.WriteWhole(line);
            return found.Holds ? ExitCode.Done : ExitCode.Failed;
        });
        return verb;
    }

    private static IEnumerable<string> Lines(Verification found)
    {
        yield return $"{found.Name}: {Show.Count(found.Steps)} steps, {Show.Count(found.Gradients)} gradients, {(found.Problems == 0 ? "each in one step" : $"{Show.Count(found.Problems)} problems")}";
        foreach (var message in found.Messages) yield return $"  {message}";
        if (found.Problems > found.Messages.Count) yield return $"  and {Show.Count(found.Problems - found.Messages.Count)} more";
        if (found.Missing > 0) yield return $"  {Show.Count(found.Missing)} gradients in between are in no step: lost in a crash, dropped by a reassignment, or refused";
        if (found.Explained is { } explained) yield return $"  {(found.Problems == 0 ? "nothing acknowledged is missing" : "acknowledged gradients were looked for")}; {Show.Count(explained)} were dropped by a reassignment or used up by a refusal";
        if (found.Replay is not { } replay) yield return "  not made again: --replay does, for those who may act";
        else if (replay.Obstacle is { } obstacle) yield return $"  cannot be made again from the ledger alone: {obstacle}";
        else yield return replay.Difference is { } difference ? $"  made again, step {replay.Version} is not what is stored: {difference}" : $"  made again, step {replay.Version} is what is stored, bit for bit";
    }
}
