using Basgd.Client.Clusters;
using Basgd.Contracts;

namespace Basgd.Client.Watching;

/// <summary>Asks for a job's status. Keeps asking while a silo restarts, and while silos answer that the storage fails.</summary>
/// <param name="tell">Gets each new problem of the storage, as a line for people.</param>
internal sealed class StatusReader(ICluster cluster, string name, TimeProvider time, Action<string> tell)
{
    /// <summary>A silo that was killed is declared dead and replaced well within this.</summary>
    public static readonly TimeSpan SilenceTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="ClusterException">No silo answered for a while, or the silo on the state directory ended.</exception>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    public async Task<JobStatus> Read(CancellationToken cancellationToken)
    {
        var heard = time.GetTimestamp();
        string? told = null;
        while (true)
        {
            try
            {
                return await cluster.Job(name).GetStatus().WaitAsync(cancellationToken);
            }
            catch (StorageFailedException failure)
            {
                // The silos answer, and a job that runs waits for its storage without end, too.
                heard = time.GetTimestamp();
                if (failure.Message != told) tell($"{told = failure.Message}; trying again");
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or IOException)
            {
                if (time.GetElapsedTime(heard) > SilenceTimeout) throw new ClusterException($"no silo has answered for {SilenceTimeout.TotalSeconds} s: {FailureReason.From(failure)}", failure);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
