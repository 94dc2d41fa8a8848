using Basgd.Contracts;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>
/// Names and phases of all jobs, for listings and for worker silos that look for work. A directory that is damaged begins empty: each
/// job lists itself again once it is asked for by name.
/// </summary>
[KeepAlive, Immovable(ImmovableKind.Any)]
public sealed class JobDirectoryGrain(
    [PersistentState("directory", StorageNames.Grains)] IPersistentState<JobDirectoryRecord> record) : Grain, IJobDirectoryGrain
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<JobEntry>> List() =>
        Task.FromResult<IReadOnlyList<JobEntry>>([.. record.State.Jobs.OrderBy(job => job.Key).Select(job => new JobEntry(job.Key, job.Value))]);

    /// <inheritdoc/>
    public async Task Put(JobEntry entry)
    {
        if (record.State.Jobs.TryGetValue(entry.Name, out var phase) && phase == entry.Phase) return;
        record.State.Jobs[entry.Name] = entry.Phase;
        await this.StoreOrEnd(record.WriteStateAsync);
    }
}

/// <summary>The directory as it is stored.</summary>
[GenerateSerializer, Alias("basgd.job-directory-record")]
public sealed class JobDirectoryRecord : IReplaceable
{
    [Id(0)] public Dictionary<string, JobPhase> Jobs { get; set; } = [];

    [field: NonSerialized]
    public string? Damage { get; set; }
}
