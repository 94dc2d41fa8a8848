namespace Basgd.Contracts;

/// <summary>What is allowed in a job spec and may still keep the job from making steps, in plain words with what to do.</summary>
public static class JobSpecAdvice
{
    /// <summary>Everything that is worth a warning; empty if nothing is.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="slots">How many workers the silos that can run the job act as at most; null if that is not known.</param>
    public static IReadOnlyList<string> For(JobSpec spec, int? slots = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return [.. ((string?[])[TooFewSpareWorkers(spec), slots is { } known ? TooFewSlots(spec, known) : null]).OfType<string>()];
    }

    /// <summary>Why the job waits as long as the cluster has only so many slots; null if they are enough.</summary>
    public static string? TooFewSlots(JobSpec spec, int slots)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var needed = MinBuffers(spec);
        if (slots >= needed) return null;
        var remedies = new List<string> { "start another silo that computes, or give one more slots (--slots)" };
        if (slots >= MinToTolerate(spec)) remedies.Add($"or submit the job under another name with {Shrinking(spec, slots)}");
        var lack = (slots, needed < spec.Buffers) switch
        {
            (0, _) => "no silo that can run the job has a slot for a worker",
            (_, false) => $"more than the {slots} slots of the silos that can run the job",
            (_, true) => $"even {needed} of them are more than the {slots} slots of the silos that can run the job",
        };
        return $"buffers = {spec.Buffers}: {lack}, so it makes no step; {string.Join(", ", remedies)}";
    }

    /// <summary>Why the job may come to a stop although no more workers fail than it tolerates; null if it cannot.</summary>
    public static string? TooFewSpareWorkers(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var (r, left) = (spec.EffectiveTolerate, spec.Workers - spec.EffectiveTolerate);
        var needed = MinBuffers(spec);
        if (r == 0 || left >= needed) return null;
        var enough = spec.Workers - needed + 1;
        var remedies = new List<string>();
        if (left >= MinToTolerate(spec)) remedies.Add(Shrinking(spec, left));
        remedies.Add($"at least {(long)needed + r} workers");
        var fail = enough == 1 ? "one worker is silent or sends" : $"{enough} workers are silent or send";
        return $"buffers = {spec.Buffers}: more than workers - tolerate = {left}, so the job makes no step while {fail} nothing usable; "
            + $"use {string.Join(", or ", remedies)}";
    }

    /// <summary>What a job waits for that has fewer active workers than it needs.</summary>
    public static string Starving(JobSpec spec, int active)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var shrunk = spec.ShrinkBuffers ? " and than the fewest that withstand tolerate" : "";
        var advice = active >= MinToTolerate(spec) ? $", or submit the job under another name with {Shrinking(spec, active)}" : "";
        return $"waiting: {active} active workers are fewer than buffers = {spec.Buffers}{shrunk}; "
            + $"start another silo that computes, or see `basgd silos` for silos that have none of its workers{advice}";
    }

    /// <summary>How many buffers the job cannot do without.</summary>
    private static int MinBuffers(JobSpec spec) => spec.ShrinkBuffers ? Math.Min(spec.Buffers, MinToTolerate(spec)) : spec.Buffers;

    private static int MinToTolerate(JobSpec spec) => Math.Max(1, (2 * spec.EffectiveTolerate) + 1);

    private static string Shrinking(JobSpec spec, int max) =>
        (spec.ShrinkBuffers ? "" : "shrinkBuffers: true, or ") + $"at most {max} buffers";
}
