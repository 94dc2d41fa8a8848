using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>What keeps the job from its next step: always in its message, in one line.</summary>
public sealed partial class TrainingJobGrain
{
    private readonly WorkProblems work = new(time);
    private readonly Backoff looking = new(time, options.Value.LookEvery);
    private readonly RepeatedProblem looks = new();
    private readonly RepeatedProblem evaluations = new();
    private readonly RepeatedProblem histories = new();
    private string? lookProblem;
    private string? unreadable;
    private DateTimeOffset? hopelessSince;
    private DateTimeOffset openSince = time.GetUtcNow();

    /// <inheritdoc/>
    public Task Report(string silo, WorkProblem? problem)
    {
        if (Phase == JobPhase.Running) work.Report(silo, problem);
        return Task.CompletedTask;
    }

    /// <summary>The cause before its consequences.</summary>
    private string? Message(ModelStatus current) =>
        record.State.Message ?? (Phase == JobPhase.Running
            ? StorageProblem ?? lookProblem ?? work.Newest ?? SlotsMessage ?? current.Message ?? NoSilo(current)
            : unreadable ?? current.Message);

    private string? StorageProblem => storage?.Problem is { } problem ? $"{problem}; trying again" : null;

    /// <summary>Silos that have workers renew their leases, others ask for some, three times as often as a lease lasts at least.</summary>
    private string? NoSilo(ModelStatus current)
    {
        var since = work.HeardAt > openSince ? work.HeardAt.Value : openSince;
        return current.IsOpen && time.GetUtcNow() - since > options.Value.LeaseDuration
            ? "waiting: no silo acts as a worker; start one with the role worker or all, or give one more slots"
            : null;
    }

    /// <summary>How the model stands, or how it last stood if it cannot be read from storage. While the job runs, <see cref="Look"/> tries again.</summary>
    private async Task<ModelStatus> ModelAsKnown()
    {
        if (unreadable is not null && Phase == JobPhase.Running) return Known;
        try
        {
            var current = await AskModel(await CurrentModel());
            if (model is null || current.Durable >= model.Durable) model = current;
            return current;
        }
        catch (StorageFailedException failure)
        {
            if (Phase == JobPhase.Running) NoteLookFailure(failure);
            return Known;
        }
    }

    private async Task<ModelStatus> AskModel(IModelGrain asked)
    {
        try
        {
            var current = await asked.GetStatus();
            unreadable = null;
            return current;
        }
        catch (StorageFailedException failure)
        {
            unreadable = failure.Message;
            throw;
        }
    }

    private ModelStatus Known => model ?? new ModelStatus(false, false, default, default, 0, double.NaN, 0, null, new Routing(0, []), null, false);

    private void NoteLookFailure(Exception failure)
    {
        var reason = FailureReason.From(failure);
        lookProblem = $"{reason}; trying again";
        hopelessSince = failure is JobRefusedException or WorkloadFailedException { IsLasting: true } ? hopelessSince ?? time.GetUtcNow() : null;
        var isLasting = failure is StorageFailedException { Cause: not (StorageCause.Timeout or StorageCause.Refused) };
        if (!looking.Fail(isLasting ? Backoff.MaxPause : Backoff.MaxClusterPause)) return;
        if (looks.IsNews(reason, out var times)) LogLookFailed(RepeatedProblem.WithStack(failure, times), Name, times, reason);
    }

    /// <summary>Whether the model could not be made for a while, for a reason that somebody must mend.</summary>
    private bool IsHopeless => hopelessSince is { } since && time.GetUtcNow() - since >= options.Value.LeaseDuration;

    private void NoteLookSuccess()
    {
        lookProblem = null;
        hopelessSince = null;
        looking.Succeed();
        looks.Clear();
    }

    /// <summary>What changes a job's phase for good must be stored: says so at once if that cannot be done now.</summary>
    /// <exception cref="StorageFailedException">The storage is known not to answer.</exception>
    private void RequireStorage(string what)
    {
        if (storage is { Lost.IsCompleted: true, Problem: { } problem })
            throw new StorageFailedException($"cannot {what} now: {problem}; try again when it does. No durable step is lost.", StorageCause.Other);
    }

    /// <summary>Waits, but not for a storage that is lost: that may take long, and meanwhile the job answers nobody. The task itself goes on.</summary>
    private async Task UnlessStorageIsLost(string what, Task task)
    {
        if (storage is not null && await Task.WhenAny(task, storage.Lost) != task && storage.Lost.IsCompleted)
        {
            task.Ignore();
            RequireStorage(what);
        }

        await task;
    }

    /// <inheritdoc cref="UnlessStorageIsLost(string, Task)"/>
    private async Task<T> UnlessStorageIsLost<T>(string what, Task<T> task)
    {
        await UnlessStorageIsLost(what, (Task)task);
        return await task;
    }
}
