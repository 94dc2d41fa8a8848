using System.Diagnostics.Metrics;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>Names and phases of all jobs, for listings, for worker silos that ask for work, and for metrics.</summary>
[KeepAlive, Immovable(ImmovableKind.Any)]
public sealed class JobDirectoryGrain(
    [PersistentState("directory", StorageNames.Grains)] IPersistentState<JobDirectoryRecord> record,
    JobInstruments instruments,
    TimeProvider time) : Grain, IJobDirectoryGrain
{
    private IDisposable? gauge;

    // The gauge is read from other threads, where grain state must not be.
    private volatile IReadOnlyList<(JobEntry Job, DateTimeOffset? Ended)> shown = [];

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        shown = record.State.Shown();
        gauge = instruments.Phase.Watch(Phases);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        gauge?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobEntry>> List() =>
        Task.FromResult<IReadOnlyList<JobEntry>>([.. record.State.Jobs.OrderBy(job => job.Key).Select(job => new JobEntry(job.Key, job.Value))]);

    /// <inheritdoc/>
    public async Task Put(JobEntry entry)
    {
        if (!record.State.Put(entry, time.GetUtcNow())) return;
        await this.StoreOrEnd(record.WriteStateAsync);
        shown = record.State.Shown();
    }

    private IEnumerable<Measurement<int>> Phases()
    {
        var since = time.GetUtcNow() - JobDirectoryRecord.ShowEnded;
        return shown.Where(entry => entry.Ended is null || entry.Ended > since)
            .Select(static entry => new Measurement<int>(1, Names.Tag(Names.Job, entry.Job.Name), Names.Tag(Names.Phase, Names.Snake(entry.Job.Phase))));
    }
}
