using Basgd.Client.Clusters;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Watching;

/// <summary>Shows a job until it no longer runs: redrawn in place on a terminal, a line now and then elsewhere.</summary>
internal sealed class JobWatcher(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    /// <returns>The status in which it stopped running.</returns>
    public async Task<JobStatus> Watch(ICluster cluster, string name, CancellationToken cancellationToken)
    {
        var reader = new StatusReader(cluster, name, time, console.WriteLine);
        if (!Terminal.IsLive(console)) return await Follow(cluster, reader, Ask, Lines(), cancellationToken);
        var first = await reader.Read(cancellationToken);
        return await console.Live(ProgressView.Of(first)).StartAsync(live =>
            Follow(cluster, reader, Redraw, status => live.UpdateTarget(ProgressView.Of(status)), cancellationToken));
    }

    private async Task<JobStatus> Follow(ICluster cluster, StatusReader reader, TimeSpan period, Action<JobStatus> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await reader.Read(cancellationToken);
            show(status);
            if (status.Phase != JobPhase.Running) return status;
            if (!await cluster.IsTraining()) throw new ClusterException($"nobody asks for training any more, so {status.Name} stands still at step {Show.Step(status)}; {FollowUp.Program} resume {status.Name} goes on");
            await Task.Delay(period, time, cancellationToken);
        }
    }

    private Action<JobStatus> Lines()
    {
        long? shown = null;
        return status =>
        {
            if (status.Phase == JobPhase.Running && shown is { } last && time.GetElapsedTime(last) < Line) return;
            shown = time.GetTimestamp();
            console.WriteWhole(ProgressView.Line(status));
        };
    }
}
