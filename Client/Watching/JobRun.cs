using Basgd.Client.Clusters;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Watching;

/// <summary>Follows a job to its end, as <c>train</c> and <c>resume</c> do: watch, judge the final model, sum up; or pause it on Ctrl-C.</summary>
internal sealed class JobRun(Context context, ICluster cluster, ClusterTarget target, string name, bool json)
{
    /// <summary>So many silos in a row may end soon after they were there.</summary>
    private const int MaxShortLives = 3;

    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(30);

    private readonly IAnsiConsole console = context.Terminal.Progress(json);

    private ITrainingJobGrain Job => cluster.Job(name);

    private string LastStep => $"from the last durable step: {Summary.Resume(name, target)}";

    /// <param name="what">What is being begun, for people.</param>
    /// <param name="begin">Gets the job to run; may take long. Again if the silo ends meanwhile.</param>
    public async Task<int> ToTheEnd(string what, Func<ITrainingJobGrain, Task> begin)
    {
        JobStatus status;
        try
        {
            status = await Run(what, begin);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            status = await Pause();
        }
        catch (ClusterException gone)
        {
            throw new ClusterException($"{gone.Message}\nGo on {LastStep}", gone);
        }

        if (json) context.Terminal.WriteJson(status);
        else Summary.Write(console, status, target);
        return ExitCode.Of(status.Phase);
    }

    private async Task<JobStatus> Run(string what, Func<ITrainingJobGrain, Task> begin)
    {
        var hasBegun = false;
        var shortLives = 0;
        while (true)
        {
            var joined = context.Time.GetTimestamp();
            try
            {
                if (!hasBegun) await Preparation.Show(console, cluster, what, () => begin(Job).WaitAsync(context.Interrupted));
                hasBegun = true;
                return await Judge(await new JobWatcher(console, context.Time).Watch(cluster, name, context.Interrupted));
            }
            catch (SiloEndedException gone)
            {
                shortLives = context.Time.GetElapsedTime(joined) < ShortLife ? shortLives + 1 : 0;
                if (shortLives == MaxShortLives) throw;
                console.WriteWhole($"{gone.Message} Starting another.");
                await cluster.Reopen(context.Interrupted);
            }
        }
    }

    private async Task<JobStatus> Judge(JobStatus status)
    {
        if (status.Phase != JobPhase.Completed || status.LastEvaluation?.Version == status.Version) return status;
        console.WriteLine("judging the final model on the held-out data");
        return status with { LastEvaluation = await Job.Evaluate().WaitAsync(context.Interrupted) };
    }

    /// <summary>Pauses the job, unless others want it trained: then it is theirs.</summary>
    private async Task<JobStatus> Pause()
    {
        try
        {
            if (await cluster.LeaveToOthers(name))
            {
                console.WriteLine($"others asked for {name}, too, so it goes on");
                return await Job.GetStatus();
            }

            console.WriteLine("finishing the round (Ctrl-C again leaves at once)");
            await Job.Pause();
            return await Job.GetStatus();
        }
        catch (JobRefusedException)
        {
            // It was interrupted before there was a job.
            context.Interrupted.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception gone) when (gone is ClusterException or OrleansException or TimeoutException or IOException)
        {
            // The last durable step is on disk whatever happened to the silo.
            throw new ClusterException($"the round could not be finished ({gone.Message}); go on {LastStep}", gone);
        }
    }
}
