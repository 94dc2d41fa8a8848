using Basgd.Client.Clusters;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Watching;

/// <summary>Follows a job to its end, as <c>train</c> and <c>resume</c> do: watch, judge the final model, sum up; or pause it on Ctrl-C.</summary>
internal sealed class JobRun(Context context, ICluster cluster, ClusterTarget target, string name, bool json)
{
    private readonly IAnsiConsole console = context.Terminal.Progress(json);

    private ITrainingJobGrain Job => cluster.Job(name);

    /// <param name="what">What is being begun, for people.</param>
    /// <param name="begin">Gets the job to run; may take long.</param>
    public async Task<int> ToTheEnd(string what, Func<ITrainingJobGrain, Task> begin)
    {
        JobStatus status;
        try
        {
            await Preparation.Show(console, cluster, what, () => begin(Job).WaitAsync(context.Interrupted));
            status = await new JobWatcher(console, context.Time).Watch(cluster, name, context.Interrupted);
            status = await Judge(status);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            status = await Pause();
        }
        catch (ClusterException gone)
        {
            throw new ClusterException($"{gone.Message}\nGo on from the last durable step: {Summary.Resume(name, target)}", gone);
        }

        if (json) context.Terminal.WriteJson(status);
        else Summary.Write(console, status, target);
        return status.Phase == JobPhase.Failed ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task<JobStatus> Judge(JobStatus status)
    {
        if (status.Phase != JobPhase.Completed || status.LastEvaluation?.Version == status.Version) return status;
        console.WriteLine("judging the final model on the held-out data");
        return status with { LastEvaluation = await Job.Evaluate().WaitAsync(context.Interrupted) };
    }

    private async Task<JobStatus> Pause()
    {
        console.WriteLine("finishing the round (Ctrl-C again leaves at once)");
        try
        {
            await Job.Pause();
            return await Job.GetStatus();
        }
        catch (Exception gone) when (gone is OrleansException or TimeoutException)
        {
            // The last durable step is on disk whatever happened to the silo.
            throw new ClusterException($"the round could not be finished ({gone.Message}); go on from the last durable step: {Summary.Resume(name, target)}", gone);
        }
    }
}
