using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>Which silos can run the job, and whether they are enough.</summary>
public sealed partial class TrainingJobGrain
{
    private static readonly TimeSpan ReadSilosEvery = TimeSpan.FromSeconds(1);

    private SiloReports known = SiloReports.Unknown;
    private DateTimeOffset silosReadAt;

    /// <summary>Workers that silos can act as for the job; null if not known, or if leases tell that there are enough: reports come a moment later.</summary>
    private int? Slots => leases.Status().Count < Spec.Buffers ? known.SlotsFor(Spec) : null;

    /// <summary>Why the job waits whatever its workers do; null if it need not.</summary>
    private string? SlotsMessage =>
        Phase == JobPhase.Running && Slots is { } slots && JobSpecAdvice.TooFewSlots(Spec, slots) is { } message ? $"waiting: {message}" : null;

    private Task<T> AskWorkload<T>(Func<IWorkloadGrain, Task<T>> question) => workloads.Ask(Spec, question);

    /// <summary>Whether the silo can run the job, as far as is known.</summary>
    private async Task<bool> MayLease(string silo)
    {
        if (known.Reports.All(report => report.Address != silo)) await ReadSilos();
        return known.MayRun(Spec, silo);
    }

    private async Task ReadSilosNowAndThen()
    {
        if (time.GetUtcNow() - silosReadAt >= ReadSilosEvery) await ReadSilos();
    }

    private async Task ReadSilos()
    {
        silosReadAt = time.GetUtcNow();
        known = await workloads.ReadSilos();
    }
}
