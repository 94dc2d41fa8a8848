using System.Globalization;
using Basgd.Aggregation;

namespace Basgd.Contracts;

/// <summary>Whether a job spec makes sense. The client asks before it submits, the server before it believes.</summary>
public static class JobSpecValidator
{
    private const int LongestName = 64;

    /// <summary>Everything that is wrong with the spec, each problem naming field, value and rule; empty where it may run.</summary>
    public static IReadOnlyList<string> Validate(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return [.. Names(spec), .. Ranges(spec), .. Counts(spec), .. Strategies(spec), .. Quarantine(spec), .. Momentum(spec), .. Length(spec), .. Checkpoints(spec)];
    }

    private static IEnumerable<string> Names(JobSpec spec)
    {
        if (string.IsNullOrWhiteSpace(spec.Model)) yield return Problem(nameof(spec.Model), spec.Model, "must name a model");
        if (string.IsNullOrWhiteSpace(spec.Dataset)) yield return Problem(nameof(spec.Dataset), spec.Dataset, "must name a data set");
        var name = spec.EffectiveName;
        // Names become file names: nothing hidden, nothing that climbs.
        if (name.Length is 0 or > LongestName || name[0] == '.' || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            yield return Problem(nameof(spec.Name), name, $"must be 1 to {LongestName} letters, digits, '.', '_' or '-', not beginning with '.'");
    }

    private static IEnumerable<string> Ranges(JobSpec spec)
    {
        foreach (var field in JobSpecField.All)
        {
            if (field.Bounds is not { } bounds) continue;
            foreach (var value in Numbers(field.Property.GetValue(spec)))
            {
                if (!double.IsFinite(value)) yield return Problem(field.Property.Name, value, "must be a finite number");
                else if (!bounds.Contain(value)) yield return Problem(field.Property.Name, value, $"must be {bounds}");
            }
        }
    }

    private static IEnumerable<string> Counts(JobSpec spec)
    {
        if (spec.Workers >= 1 && spec.Buffers > spec.Workers) yield return Problem(nameof(spec.Buffers), spec.Buffers, $"must be <= workers = {spec.Workers}, or a buffer never fills");
        if (spec.Workers >= 1 && spec.Byzantine > spec.Workers) yield return Problem(nameof(spec.Byzantine), spec.Byzantine, $"must be <= workers = {spec.Workers}");
        var r = spec.EffectiveTolerate;
        if (r > 0 && spec.Buffers >= 1 && spec.Buffers < (2L * r) + 1)
        {
            var why = spec.Tolerate is null ? $"tolerate = {r}, as many as byzantine" : $"tolerate = {r}";
            yield return Problem(nameof(spec.Buffers), spec.Buffers, $"must be >= 2 * tolerate + 1 = {(2L * r) + 1} ({why})");
        }
    }

    private static IEnumerable<string> Strategies(JobSpec spec)
    {
        var countable = spec.Buffers >= 1 && spec.EffectiveTolerate >= 0;
        if (Fault(() =>
            {
                if (countable) Rules.Validate(spec.Rule, spec.Buffers, spec.EffectiveTolerate);
                else Rules.Create<double>(spec.Rule);
            }) is { } rule)
        {
            yield return Problem(nameof(spec.Rule), spec.Rule, rule);
        }

        if (Fault(() => Attacks.Validate(spec.Attack)) is { } attack)
        {
            yield return Problem(nameof(spec.Attack), spec.Attack, attack);
            yield break;
        }

        var none = NamedParameters.Parse(spec.Attack).Name == "none";
        if (none && spec.Byzantine > 0) yield return Problem(nameof(spec.Byzantine), spec.Byzantine, "must be 0 with attack none; say what they send, such as negative-gradient(k=10)");
        if (!none && spec.Byzantine == 0) yield return Problem(nameof(spec.Attack), spec.Attack, "must be none with byzantine = 0; say how many workers mount it");
    }

    /// <summary>Those that are left must fill the buffers, or as many as the job may shrink to.</summary>
    private static IEnumerable<string> Quarantine(JobSpec spec)
    {
        var r = spec.EffectiveTolerate;
        if (spec.QuarantineAfterRounds is not { } rounds || r < 0 || r > spec.Workers) yield break;
        var left = spec.Workers - r;
        if (r == 0) yield return Problem(nameof(spec.QuarantineAfterRounds), rounds, "must be left out with tolerate = 0: as many as tolerate may be in quarantine at once");
        else if (spec.Buffers > left && !spec.ShrinkBuffers) yield return Problem(nameof(spec.Buffers), spec.Buffers, $"must be <= workers - tolerate = {left} with quarantineAfterRounds, or shrinkBuffers true: so many are left to fill them");
        else if (left < (2L * r) + 1 && spec.Buffers > left) yield return Problem(nameof(spec.Workers), spec.Workers, $"must be >= 3 * tolerate + 1 = {(3L * r) + 1} with quarantineAfterRounds: those left must fill 2 * tolerate + 1 buffers");
        else if (spec.Buffers > left && Fault(() => Rules.Validate(spec.Rule, left, r)) is { } fault) yield return Problem(nameof(spec.Workers), spec.Workers, $"leaves {left} with quarantineAfterRounds, too few: {fault}");
    }

    private static IEnumerable<string> Momentum(JobSpec spec)
    {
        if (spec.NormaliseWorkerMomentum && spec.WorkerMomentum == 0)
            yield return Problem(nameof(spec.NormaliseWorkerMomentum), spec.NormaliseWorkerMomentum, "must be false with workerMomentum = 0: of one gradient alone the noise decides the direction");
    }

    private static IEnumerable<string> Length(JobSpec spec)
    {
        if (spec.Steps is { } steps && spec.Epochs is not null) yield return Problem(nameof(spec.Steps), steps, "must be left out where epochs is given");
        if (spec.DecayAtEpochs is null) yield return Problem(nameof(spec.DecayAtEpochs), null, "must be a list of numbers");
        else if (!spec.DecayAtEpochs.Zip(spec.DecayAtEpochs.Skip(1)).All(static pair => pair.First < pair.Second))
            yield return Problem(nameof(spec.DecayAtEpochs), $"[{string.Join(", ", Numbers(spec.DecayAtEpochs).Select(Show))}]", "must be ascending");
    }

    private static IEnumerable<string> Checkpoints(JobSpec spec)
    {
        if (!Enum.IsDefined(spec.Durability)) yield return Problem(nameof(spec.Durability), spec.Durability, "must be step, acknowledged or interval");
        if (spec.Durability == Durability.Interval) yield break;
        var rule = $"must be left out with durability = {Show(spec.Durability)}: it belongs to interval";
        if (spec.CheckpointSteps is { } steps) yield return Problem(nameof(spec.CheckpointSteps), steps, rule);
        if (spec.CheckpointSeconds is { } seconds) yield return Problem(nameof(spec.CheckpointSeconds), seconds, rule);
    }

    private static IEnumerable<double> Numbers(object? value) => value switch
    {
        null => [],
        IEnumerable<double> list => list,
        _ => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
    };

    private static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message.TrimEnd('.');
        }
    }

    private static string Problem(string member, object? value, string rule) => $"{JobSpecField.NameOf(member)} = {Show(value)}: {rule}";

    private static string Show(object? value) => value switch
    {
        null => "null",
        bool choice => choice ? "true" : "false",
        Enum choice => choice.ToString().ToLowerInvariant(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
