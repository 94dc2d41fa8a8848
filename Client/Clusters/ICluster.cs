using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A running silo or cluster. Disposing leaves it; a silo that nobody else needs ends then.</summary>
internal interface ICluster : IAsyncDisposable
{
    IJobDirectoryGrain Jobs { get; }

    ISiloDirectoryGrain Silos { get; }

    IWorkloadCatalogGrain Workloads { get; }

    /// <summary>Told what a silo on a state directory does before it can train; on any thread.</summary>
    Action<SiloProgress>? Progress { get; set; }

    ITrainingJobGrain Job(string name);

    /// <summary>After <see cref="SiloEndedException"/>: joins the next silo on the state directory, or starts one if this command may.</summary>
    /// <exception cref="ClusterException">There is none.</exception>
    Task Reopen(CancellationToken cancellationToken);

    /// <summary>Asks the silo on a state directory to act as so many workers while this command lasts.</summary>
    Task AskFor(int slots);

    /// <summary>Has the silo on a state directory train a job on when this command is gone.</summary>
    Task Keep(string job, int slots);

    /// <summary>Gives a job up if others on the state directory want it trained: the silo no longer trains for this command then.</summary>
    /// <returns>Whether it did.</returns>
    Task<bool> LeaveToOthers(string job);

    /// <summary>Whether somebody asks for training at all: a silo on a state directory trains only then.</summary>
    Task<bool> IsTraining();
}

/// <summary>Finds or starts what <see cref="ClusterTarget"/> names.</summary>
internal interface IClusterOpener
{
    /// <exception cref="ClusterException">Nothing answers there, or a silo cannot be started.</exception>
    Task<ICluster> Open(ClusterTarget target, CancellationToken cancellationToken);
}

/// <summary>Cannot be reached, or cannot be started; the message says what was tried.</summary>
internal class ClusterException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The silo on a state directory is gone while a command uses it.</summary>
internal sealed class SiloEndedException(string message) : ClusterException(message);
