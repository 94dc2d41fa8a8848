using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Looks at a job again and again, whatever happens to whoever answers, and keeps what it was told.</summary>
internal sealed class JobWatch(ClusterClient client, string name)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly HashSet<(ModelVersion Version, long Gradients)> reports = [];
    private ModelVersion newest;

    /// <summary>Models that were reported durable, each with the contributions that had gone into it.</summary>
    public IReadOnlyCollection<(ModelVersion Version, long Gradients)> Reports => reports;

    /// <summary>A silo that hung may answer as it last knew, until it learns that it is called dead.</summary>
    public bool MayLookBack { get; set; }

    /// <summary>What was reported is no promise any more: storage has lost it and cannot know.</summary>
    public void Forget()
    {
        reports.Clear();
        newest = default;
    }

    /// <exception cref="TimeoutException">The job never was as wanted; the message has the last look.</exception>
    public async Task<JobStatus> Until(Func<JobStatus, bool> wanted, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        JobStatus? seen = null;
        Exception? last = null;
        while (!limit.IsCancellationRequested)
        {
            try
            {
                seen = await client.Job(name).GetStatus().WaitAsync(Patience);
                Note(seen);
                if (wanted(seen)) return seen;
            }
            catch (Exception failure) when (failure is not LostStepException)
            {
                last = failure;
            }

            await Task.Delay(Glance);
        }

        throw new TimeoutException($"{name} was not as wanted within {within}; last seen: {seen}; last failure: {last}");
    }

    private void Note(JobStatus status)
    {
        if (status.Dimension == 0) return; // The model cannot be read now: nothing is reported of it.
        if (!MayLookBack && status.Version < newest) throw new LostStepException($"model {newest} was reported durable, and now {status.Version} is");
        if (status.Version > newest) newest = status.Version;
        reports.Add((status.Version, status.GradientsApplied));
    }
}

/// <summary>A step was reported durable, and later it was not there.</summary>
internal sealed class LostStepException(string message) : Exception(message);
