using Basgd.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Basgd.Grains;

/// <summary>
/// Activates the directory and every running job that nobody else asks for: after a server silo ends, and while no worker silo
/// runs. So a running job always has metrics, and whatever starts worker silos by them sees it.
/// </summary>
public sealed partial class JobWaker(IGrainFactory grains, TimeProvider time, ILogger<JobWaker> logger) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private bool hasFailed;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await Wake();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Wake()
    {
        try
        {
            var jobs = await grains.GetGrain<IJobDirectoryGrain>(0).List();

            // Any call activates a grain. This one is answered from memory.
            await Task.WhenAll(jobs.Where(static job => job.Phase == JobPhase.Running).Select(job => grains.GetGrain<ITrainingJobGrain>(job.Name).GetLayout()));
            hasFailed = false;
        }
        catch (Exception failure)
        {
            // One line for each time that it begins to fail: what fails says more in the log of the grain.
            if (!hasFailed) LogFailed(FailureReason.From(failure), Every);
            hasFailed = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot activate the running jobs: {Reason}. Trying again every {Every}")]
    private partial void LogFailed(string reason, TimeSpan every);
}
