using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A state directory that no silo runs on: what there is to know is in its files.</summary>
internal sealed class StoredCluster(ClusterTarget target, SiloReader reader) : ICluster, IJobDirectoryGrain, ISiloDirectoryGrain, IWorkloadCatalogGrain
{
    public IJobDirectoryGrain Jobs => this;

    public ISiloDirectoryGrain Silos => this;

    public IWorkloadCatalogGrain Workloads => this;

    public Action<SiloProgress>? Progress { get; set; }

    public ITrainingJobGrain Job(string name) => new StoredJob(name, target, reader);

    public Task<IReadOnlyList<JobEntry>> List() => reader.Read<IReadOnlyList<JobEntry>>("jobs");

    Task<IReadOnlyList<SiloEntry>> ISiloDirectoryGrain.List() => Task.FromResult<IReadOnlyList<SiloEntry>>([]);

    public Task<IReadOnlyList<SiloEntry>> ListDead() => Task.FromResult<IReadOnlyList<SiloEntry>>([]);

    public Task Report(SiloReport report) => throw StoredJob.NeedsSilo();

    public Task<SiloReports> GetReports() => Task.FromResult(SiloReports.Unknown);

    public Task<IReadOnlyList<CatalogEntry>> Models() => reader.Read<IReadOnlyList<CatalogEntry>>("models");

    public Task<IReadOnlyList<CatalogEntry>> Datasets() => reader.Read<IReadOnlyList<CatalogEntry>>("datasets");

    public Task Put(JobEntry entry) => throw StoredJob.NeedsSilo();

    public Task Reopen(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AskFor(int slots) => Task.CompletedTask;

    public Task Keep(string job, int slots) => Task.CompletedTask;

    public Task<bool> LeaveToOthers(string job) => Task.FromResult(false);

    public Task<bool> IsTraining() => Task.FromResult(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
