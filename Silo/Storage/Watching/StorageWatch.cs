using Basgd.Contracts;
using Basgd.Grains;
using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>
/// Knows whether the storage answers: from what grains read and write, and by asking it if that takes long. Libraries of
/// storages try again for up to half a minute before they say anything, and people should know earlier.
/// </summary>
/// <param name="probe">Reads something small.</param>
internal sealed partial class StorageWatch(StorageTarget target, Func<Task> probe, TimeProvider time, ILogger<StorageWatch> logger) : IStorageHealth
{
    /// <summary>From then on an operation is slow enough to ask whether the storage answers at all.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan KnockTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The storage is asked at most so often.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly RepeatedProblem said = new();
    private TaskCompletionSource lost = NewSignal();
    private StorageFailedException? problem;
    private Task<StorageFailedException?>? asking;
    private DateTimeOffset heardAt = time.GetUtcNow();
    private DateTimeOffset askedAt;

    /// <inheritdoc/>
    public string? Problem
    {
        get
        {
            lock (gate) return problem?.Message;
        }
    }

    /// <inheritdoc/>
    public Task Lost
    {
        get
        {
            lock (gate) return lost.Task;
        }
    }

    /// <inheritdoc/>
    public void Check()
    {
        lock (gate)
        {
            if (asking is { IsCompleted: false } || lost.Task.IsCompleted || time.GetUtcNow() - (heardAt > askedAt ? heardAt : askedAt) < Period) return;
        }

        _ = Ask();
    }

    /// <summary>Reads from the storage. Gives up as soon as the storage is known not to answer.</summary>
    /// <exception cref="StorageFailedException">It cannot be read.</exception>
    /// <exception cref="InconsistentStateException">Another activation wrote meanwhile.</exception>
    public Task Read(Func<Task> read) => Run(read, mayGiveUp: true);

    /// <summary>Writes to the storage. Waits until it says that it has or has not written.</summary>
    /// <inheritdoc cref="Read"/>
    public Task Write(Func<Task> write) => Run(write, mayGiveUp: false);

    private async Task Run(Func<Task> operation, bool mayGiveUp)
    {
        var running = Start(operation);
        try
        {
            while (!await Ends(running))
            {
                // A large state may just take long.
                var silence = await Ask();
                if (silence is null || !mayGiveUp || running.IsCompleted) continue;
                _ = running.ContinueWith(static abandoned => _ = abandoned.Exception, TaskScheduler.Default);
                throw silence;
            }

            await running;
            Succeeded(isWritten: !mayGiveUp);
        }
        catch (InconsistentStateException)
        {
            Succeeded(isWritten: false);
            throw;
        }
        catch (Exception failure) when (failure is not StorageFailedException)
        {
            throw await Failed(failure);
        }
    }

    /// <summary>What a store throws at once is no different from what it throws later.</summary>
    private static async Task Start(Func<Task> operation) => await operation();

    private async Task<bool> Ends(Task running)
    {
        await running.WaitAsync(Slow, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return running.IsCompleted;
    }

    /// <summary>Asks the storage whether it answers. Calls at the same time share an answer.</summary>
    /// <returns>Why it cannot be read; null if it can.</returns>
    public Task<StorageFailedException?> Ask()
    {
        lock (gate)
        {
            if (asking is { IsCompleted: false }) return asking;
            askedAt = time.GetUtcNow();
            return asking = Task.Run(Probe);
        }
    }

    private async Task<StorageFailedException?> Probe()
    {
        try
        {
            await probe().WaitAsync(ProbeTimeout, time);
            Succeeded(isWritten: false);
            return null;
        }
        catch (TimeoutException)
        {
            return await Failed(new TimeoutException($"no answer within {ProbeTimeout.TotalSeconds} s"));
        }
        catch (Exception failure)
        {
            return await Failed(failure);
        }
    }

    private async Task<StorageFailedException> Failed(Exception failure)
    {
        var isSilent = StorageFailures.CauseOf(failure) is StorageCause.Timeout or StorageCause.Refused;
        var told = StorageFailures.Tell(failure, target, isSilent ? await Knock.At(target.Servers, KnockTimeout) : null);

        if (StorageFailures.IsOfOneState(failure)) return told;
        var isLost = false;
        lock (gate)
        {
            problem = told;
            if (isSilent) isLost = lost.TrySetResult();
        }

        if (isLost) _ = Task.Run(AskUntilItAnswers);
        if (said.IsNews(told.Cause, out var times)) LogFailed(times, told.Message);
        return told;
    }

    /// <summary>So that what is known of it is true although nobody uses it meanwhile.</summary>
    private async Task AskUntilItAnswers()
    {
        while (Lost.IsCompleted)
        {
            await Task.Delay(Period, time);
            await Ask();
        }
    }

    /// <param name="isWritten">A storage that can be read may still be full.</param>
    private void Succeeded(bool isWritten)
    {
        StorageFailedException? over;
        lock (gate)
        {
            heardAt = time.GetUtcNow();
            if (problem is null || (!isWritten && problem.Cause is StorageCause.Full or StorageCause.Access)) return;
            (over, problem) = (problem, null);
            if (lost.Task.IsCompleted) lost = NewSignal();
        }

        said.Clear();
        LogAnswers(target, over.Message);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} ({Failures} failures). Retrying.")]
    private partial void LogFailed(int failures, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Storage answers again ({Storage}); before: {Problem}")]
    private partial void LogAnswers(StorageTarget storage, string problem);
}
