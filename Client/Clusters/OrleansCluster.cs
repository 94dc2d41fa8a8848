using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A cluster at an address. It lives by itself, so most of what a silo on a state directory is told is nothing to it.</summary>
internal sealed class OrleansCluster(OrleansConnection connection) : ICluster
{
    public IJobDirectoryGrain Jobs => connection.Find<IJobDirectoryGrain>("server");

    public ISiloDirectoryGrain Silos => connection.Find<ISiloDirectoryGrain>("server");

    public IWorkloadCatalogGrain Workloads => connection.Find<IWorkloadCatalogGrain>("worker");

    public Action<SiloProgress>? Progress { get; set; }

    public ITrainingJobGrain Job(string name) => connection.Grains.GetGrain<ITrainingJobGrain>(name);

    /// <summary>Orleans finds other silos by itself.</summary>
    public Task Reopen(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AskFor(int slots) => Task.CompletedTask;

    public Task Keep(string job, int slots) => Task.CompletedTask;

    public Task<bool> LeaveToOthers(string job) => Task.FromResult(false);

    public Task<bool> IsTraining() => Task.FromResult(true);

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
