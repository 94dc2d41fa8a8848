using Basgd.Client.Clusters;
using Basgd.Contracts;

namespace Basgd.Client.Watching;

/// <summary>Asks for a job's status and keeps asking while a silo restarts.</summary>
internal sealed class StatusReader(ICluster cluster, string name, TimeProvider time)
{
    /// <summary>A silo that was killed is declared dead and replaced well within this.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="ClusterException">Nobody answered for a while, or the silo on the state directory ended.</exception>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    public async Task<JobStatus> Read(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await cluster.Job(name).GetStatus().WaitAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or IOException)
            {
                if (time.GetElapsedTime(began) > Patience) throw new ClusterException($"nobody has answered for {Patience.TotalSeconds} s: {failure.Message}", failure);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
