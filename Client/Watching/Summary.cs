using Basgd.Client.Clusters;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Watching;

/// <summary>What is worth knowing of a job that no longer runs, and what to do next.</summary>
internal static class Summary
{
    public static void Write(IAnsiConsole console, JobStatus status, ClusterTarget target)
    {
        console.WriteLine();
        console.WriteNamed(Facts(status));
        console.WriteLine();
        foreach (var line in Next(status, target)) console.WriteWhole(line);
    }

    /// <summary>The command that goes on with a paused job.</summary>
    public static string Resume(string name, ClusterTarget target) => Command("resume", name, target);

    private static string Command(string verb, string name, ClusterTarget target, string more = "") => $"{FollowUp.Program} {verb} {FollowUp.Quote(name)}{more}{target.Arguments}";

    private static IEnumerable<(string Label, string Value)> Facts(JobStatus status)
    {
        yield return ("job", $"{status.Name}, {Show.Phase(status.Phase)} at step {Show.Step(status)}, epoch {Show.Epoch(status)}");
        if (status.Message is { Length: > 0 } message) yield return ("message", message);
        if (status.LastEvaluation is { } evaluation)
        {
            var (quality, value) = Show.Quality(evaluation);
            yield return (quality, $"{value}, loss {Show.Number(evaluation.Loss)}{(evaluation.Version == status.Version ? "" : $", at step {Show.Count(evaluation.Version.Step)}")}");
        }

        yield return ("gradients", $"{Show.Count(status.GradientsApplied)} applied");
        // Gradients that were under way when a job ended are refused as Closed: no news.
        if (status.Refused.Where(static r => r.Value > 0 && r.Key != Refusal.Closed).ToArray() is { Length: > 0 } refused)
            yield return ("refused", string.Join(", ", refused.OrderBy(static r => r.Key).Select(static r => $"{Show.Count(r.Value)} {r.Key}")));
        if (Show.Suspects(status.Suspicion) is { Length: > 0 } suspects) yield return ("suspect", suspects);
        if (status.Quarantined.Count > 0) yield return ("quarantine", string.Join(", ", status.Quarantined.Select(static worker => $"worker {worker}")));
        if (status.Reassignments > 0) yield return ("reassignments", Show.Count(status.Reassignments));
        if (status.Checkpoint is { } checkpoint) yield return ("checkpoint", checkpoint);
    }

    private static IEnumerable<string> Next(JobStatus status, ClusterTarget target)
    {
        if (status.Phase is JobPhase.Running or JobPhase.Paused) yield return $"Go on:    {Resume(status.Name, target)}";
        if (status.Quarantined.Count > 0) yield return $"Let out:  {Command("lift", status.Name, target, $" {status.Quarantined[0]}")}";
        if (status.Phase == JobPhase.Running) yield break;
        yield return $"Evaluate: {Command("evaluate", status.Name, target)}";
        yield return $"Export:   {Command("export", status.Name, target)} --to {FollowUp.Quote($"{status.Name}.safetensors")}";
    }
}
