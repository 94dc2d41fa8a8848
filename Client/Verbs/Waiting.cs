using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary>What a user sees while a job takes long to do what it was asked for: what it waits for.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Waits for an act on a job, and writes each new message of the job as a line.</summary>
    public static async Task Tell(Context context, ITrainingJobGrain job, Task act)
    {
        string? told = null;
        while (!act.IsCompleted)
        {
            await act.WaitAsync(Period, context.Time, context.Interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Interrupted.ThrowIfCancellationRequested();
            if (act.IsCompleted || await Message(context, job) is not { } message || message == told) continue;
            context.Terminal.Error.WriteWhole(told = message);
        }

        await act;
    }

    /// <summary>Null if there is none, or nobody says.</summary>
    private static async Task<string?> Message(Context context, ITrainingJobGrain job)
    {
        try
        {
            return (await job.GetStatus().WaitAsync(Period, context.Time, context.Interrupted)).Message;
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException or JobRefusedException)
        {
            return null;
        }
    }
}
