using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>How a silo fares with one job: when to try again, what was said of it. Thread-safe.</summary>
public sealed class JobTroubles(TimeProvider time, TimeSpan first)
{
    private readonly Backoff asking = new(time, first);
    private readonly Backoff working = new(time, first);
    private readonly RepeatedProblem said = new();
    private int isReported;
    private volatile string? obstacle;

    /// <summary>Whether the job may be asked for work now.</summary>
    public bool MayTry => asking.IsOver && working.IsOver;

    /// <summary>Why the silo cannot run the job and leaves it alone now; null if it may try, or if the failure lies with the cluster.</summary>
    public string? Obstacle => working.IsOver ? null : obstacle;

    /// <summary>The job could not be asked.</summary>
    public void CannotAsk() => asking.Fail(Backoff.MaxClusterPause);

    public void Asked() => asking.Succeed();

    /// <returns>What to tell the job; null if it is being told already.</returns>
    public WorkProblem? Fail(Exception failure)
    {
        if (!working.Fail(IsOfCluster(failure) ? Backoff.MaxClusterPause : Backoff.MaxPause)) return null;
        Volatile.Write(ref isReported, 1);
        var reason = FailureReason.From(failure);
        obstacle = IsOfCluster(failure) ? null : reason;
        return new WorkProblem(reason, failure is JobRefusedException or WorkloadFailedException { IsLasting: true });
    }

    /// <returns>Whether the job was told of a failure and should hear that it is over.</returns>
    public bool Succeed()
    {
        if (Volatile.Read(ref isReported) == 0 || Interlocked.Exchange(ref isReported, 0) == 0) return false;
        working.Succeed();
        obstacle = null;
        said.Clear();
        return true;
    }

    /// <inheritdoc cref="RepeatedProblem.IsNews"/>
    public bool IsNews(string reason, out int count) => said.IsNews(reason, out count);

    private static bool IsOfCluster(Exception failure) => failure is (TimeoutException or OrleansException) and not WorkloadFailedException;
}
