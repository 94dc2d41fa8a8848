using Basgd.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Basgd.Client.Watching;

/// <summary>A job as of now, in a few lines or in one.</summary>
internal static class ProgressView
{
    private const int BarWidth = 40;

    /// <summary>N_b from which a buffer's bar no longer grows.</summary>
    private const int Tallest = 8;

    /// <summary>More buffers than this are shown by their minimum, median and maximum.</summary>
    private const int MaxBuffersShown = 16;

    private const string Heights = "▁▂▃▄▅▆▇█";

    public static IRenderable Of(JobStatus status)
    {
        var evaluation = status.LastEvaluation;
        var (quality, value) = Show.Quality(evaluation);
        List<string> lines =
        [
            $"[bold]{Markup.Escape(status.Name)}[/]  {PhaseOf(status)}",
            $"{Bar(status.Progress)}  {Show.Percent(status.Progress)}",
            $"step [bold]{Show.Step(status)}[/]   epoch [bold]{Show.Epoch(status)}[/]   [bold]{Show.Number(status.GradientsPerSecond, "F0")}[/] gradients/s",
            $"training loss [bold]{Show.Number(status.TrainingLoss)}[/]   {quality} [bold green]{value}[/]{(evaluation is null ? "" : $" [grey]at step {Show.Count(evaluation.Version.Step)}[/]")}",
            $"buffers  {Fills(status.Buffers)}{(status.Buffers.Count < status.Spec.Buffers ? $"   [yellow]{status.Buffers.Count} of {status.Spec.Buffers}[/]" : "")}",
        ];
        if (status.Phase == JobPhase.Running) lines.Add($"workers  [bold]{Show.Count(status.Leases.Count)}[/] of {Show.Count(status.Spec.Workers)} leased to silos");
        if (status.Message is { Length: > 0 } message) lines.Add($"[yellow]{Markup.Escape(message)}[/]");
        lines.AddRange(status.Obstacles.Select(static obstacle => $"[yellow]{Markup.Escape(Show.CannotRun(obstacle))}[/]"));
        return new Unpadded(new Rows(lines.Select(static line => new Markup(line))));
    }

    /// <summary>For logs.</summary>
    public static string Line(JobStatus status)
    {
        var (quality, value) = Show.Quality(status.LastEvaluation);
        return $"{Show.Phase(status.Phase)}  step {Show.Step(status)}  epoch {Show.Epoch(status)}  {Show.Percent(status.Progress)}"
            + $"  {Show.Number(status.GradientsPerSecond, "F0")} gradients/s  training loss {Show.Number(status.TrainingLoss)}  {quality} {value}"
            + $"  buffers {(status.Buffers.Count > MaxBuffersShown ? Spread(status.Buffers) : $"[{string.Join(' ', status.Buffers.Select(static b => b.Filled))}]")}"
            + (status.Message is { Length: > 0 } message ? $"  {message}" : "");
    }

    private static string Bar(double progress)
    {
        var done = (int)Math.Round(BarWidth * Math.Clamp(double.IsFinite(progress) ? progress : 0, 0, 1));
        return $"[green]{new string('━', done)}[/][grey]{new string('─', BarWidth - done)}[/]";
    }

    private static string Fills(IReadOnlyList<BufferStatus> buffers) =>
        buffers.Count > MaxBuffersShown ? Spread(buffers) : string.Join("  ", buffers.Select(Fill));

    private static string Spread(IReadOnlyList<BufferStatus> buffers)
    {
        int[] filled = [.. buffers.Select(static buffer => buffer.Filled).Order()];
        return $"{Show.Count(filled.Length)}: minimum {Show.Count(filled[0])}, median {Show.Count(filled[(filled.Length - 1) / 2])}, maximum {Show.Count(filled[^1])}";
    }

    private static string Fill(BufferStatus buffer)
    {
        var bar = buffer.Filled == 0 ? $"[grey]{Heights[0]}[/]" : $"[green]{Heights[Math.Min(buffer.Filled, Tallest) - 1]}[/]";
        return $"{bar} {buffer.Filled}{(buffer.Sealed ? "[blue]*[/]" : "")}";
    }

    private static string PhaseOf(JobStatus status)
    {
        var colour = status.Phase switch
        {
            JobPhase.Running => "blue",
            JobPhase.Completed => "green",
            JobPhase.Failed => "red",
            _ => "yellow",
        };
        return $"[{colour}]{Show.Phase(status.Phase)}[/]";
    }
}
