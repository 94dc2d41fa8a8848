using System.Diagnostics;
using Basgd.Contracts;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// The trace of one step. It begins when sealing does, but only the sealed rounds tell whose contributions are in and so whether
/// there is a trace at all: until then it notes times.
/// </summary>
internal sealed class StepTrace(string job, ModelVersion version, int buffers, TimeProvider time) : IDisposable
{
    private readonly DateTimeOffset began = time.GetUtcNow();
    private readonly DateTimeOffset[] sealedAt = new DateTimeOffset[buffers];
    private Activity? step;

    /// <summary>A buffer answered.</summary>
    public void Sealed(int buffer) => sealedAt[buffer] = time.GetUtcNow();

    /// <summary>The step goes ahead with these rounds.</summary>
    public void Begin(IReadOnlyList<SealedRound> seals)
    {
        step = Spans.StartStep(began, Links(seals));
        if (step is not { Recorded: true }) return;
        step.SetTag(Names.Job, job).SetTag(Names.Version, version.ToString()).SetTag(Names.Contributions, seals.Sum(static seal => seal.Contributions.Count));
        for (var b = 0; b < seals.Count; b++)
        {
            using var seal = Spans.Part(Spans.Seal, began, [Names.Tag(Names.Buffer, b), Names.Tag(Names.Contributions, seals[b].Contributions.Count)]);
            seal?.SetEndTime(sealedAt[b].UtcDateTime);
        }
    }

    public void Dispose() => step?.Dispose();

    private static IEnumerable<ActivityLink> Links(IReadOnlyList<SealedRound> seals)
    {
        foreach (var trace in seals.SelectMany(static seal => seal.Traces ?? []).Take(Spans.MaxLinks))
            if (ActivityContext.TryParse(trace, null, out var context)) yield return new ActivityLink(context);
    }
}
