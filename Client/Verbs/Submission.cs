using Basgd.Client.Clusters;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary>Hands a spec over to a job, which may be there already.</summary>
internal static class Submission
{
    /// <returns>The phase in which the job was found; null if it is new.</returns>
    /// <exception cref="JobRefusedException">The spec is refused, or the job that is there has another.</exception>
    public static async Task<JobPhase?> Submit(ICluster cluster, JobSpec spec)
    {
        var job = cluster.Job(spec.EffectiveName);
        var found = (await cluster.Jobs.List()).FirstOrDefault(entry => entry.Name == spec.EffectiveName);
        await job.Submit(spec);
        return found?.Phase;
    }
}
