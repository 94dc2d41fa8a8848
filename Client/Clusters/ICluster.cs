using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A running silo or cluster. Disposing leaves it, and ends a silo that was started for it.</summary>
internal interface ICluster : IAsyncDisposable
{
    IJobDirectoryGrain Jobs { get; }

    ISiloDirectoryGrain Silos { get; }

    IWorkloadCatalogGrain Workloads { get; }

    /// <summary>Told what a silo that was started for this command does before it can train; on any thread.</summary>
    Action<SiloProgress>? Progress { get; set; }

    ITrainingJobGrain Job(string name);

    /// <summary>After a call failed: finds the silo again where it has moved. Throws where it is gone for good.</summary>
    /// <exception cref="ClusterException">The silo that was started for this command has ended.</exception>
    Task Repair(CancellationToken cancellationToken);
}

/// <summary>Finds or starts what <see cref="ClusterTarget"/> names.</summary>
internal interface IClusterOpener
{
    /// <exception cref="ClusterException">Nothing answers there, or a silo cannot be started.</exception>
    Task<ICluster> Open(ClusterTarget target, CancellationToken cancellationToken);
}

/// <summary>Cannot be reached, or cannot be started; the message says what was tried.</summary>
internal sealed class ClusterException(string message, Exception? inner = null) : Exception(message, inner);
