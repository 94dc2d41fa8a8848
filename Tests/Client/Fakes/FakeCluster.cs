using Basgd.Client.Clusters;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Fakes;

/// <summary>A cluster of one job, which is its own opener and remembers what was opened.</summary>
internal sealed class FakeCluster : ICluster, IClusterOpener, IJobDirectoryGrain, IWorkloadCatalogGrain, ISiloDirectoryGrain
{
    public FakeJob TheJob { get; } = new();

    public string? NameAsked { get; private set; }

    public ClusterTarget? Opened { get; private set; }

    public bool Disposed { get; private set; }

    public int Reopened { get; private set; }

    /// <summary>Thrown by the next attempts to open it again, one each.</summary>
    public Queue<Exception> Next { get; } = new();

    public int? Slots { get; private set; }

    public (string Job, int Slots)? Kept { get; private set; }

    public bool OthersTrain { get; init; }

    public bool Trains { get; set; } = true;

    public Exception? Unreachable { get; init; }

    public Action<SiloProgress>? Progress { get; set; }

    public IJobDirectoryGrain Jobs => this;

    public ISiloDirectoryGrain Silos => this;

    public IWorkloadCatalogGrain Workloads => this;

    public JobPhase Phase { get; init; } = JobPhase.Paused;

    public ITrainingJobGrain Job(string name)
    {
        NameAsked = name;
        return TheJob;
    }

    public Task Reopen(CancellationToken cancellationToken)
    {
        Reopened++;
        return Next.TryDequeue(out var failure) ? Task.FromException(failure) : Task.CompletedTask;
    }

    public Task AskFor(int slots)
    {
        Slots = slots;
        return Task.CompletedTask;
    }

    public Task Keep(string job, int slots)
    {
        Kept = (job, slots);
        return Task.CompletedTask;
    }

    public Task<bool> LeaveToOthers(string job) => Task.FromResult(OthersTrain);

    public Task<bool> IsTraining() => Task.FromResult(Trains);

    public Task<ICluster> Open(ClusterTarget target, CancellationToken cancellationToken)
    {
        Opened = target;
        return Unreachable is null ? Task.FromResult<ICluster>(this) : Task.FromException<ICluster>(Unreachable);
    }

    public Task<IReadOnlyList<JobEntry>> List() => TheJob.Answer<IReadOnlyList<JobEntry>>([new JobEntry("one", Phase), .. TheJob.Phase is { } phase && NameAsked is { } name ? [new JobEntry(name, phase)] : Array.Empty<JobEntry>()]);

    public Task<IReadOnlyList<SiloEntry>> ListDead() => TheJob.Answer<IReadOnlyList<SiloEntry>>([]);

    Task<IReadOnlyList<SiloEntry>> ISiloDirectoryGrain.List() => TheJob.Answer<IReadOnlyList<SiloEntry>>(
    [
        new SiloEntry("S10.0.0.1:11111:1", "10.0.0.1:30000", "server", "active", DateTimeOffset.UnixEpoch),
        new SiloEntry("S10.0.0.2:11111:1", "10.0.0.2:30000", "worker", "joining", DateTimeOffset.UnixEpoch) { Slots = 64, Taken = 2, Devices = ["cpu", "cuda:0"] },
    ]);

    public Task Report(SiloReport report) => throw new NotSupportedException();

    public Task<SiloReports> GetReports() => throw new NotSupportedException();

    public Task Put(JobEntry entry) => throw new NotSupportedException();

    public Task<IReadOnlyList<CatalogEntry>> Models() => TheJob.Answer<IReadOnlyList<CatalogEntry>>([new CatalogEntry("lenet5", "a small convolutional network")]);

    public Task<IReadOnlyList<CatalogEntry>> Datasets() => TheJob.Answer<IReadOnlyList<CatalogEntry>>([new CatalogEntry("fashion-mnist", "clothes")]);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
