using Basgd.Benchmarks.Memory;
using Basgd.Benchmarks.ScaleOut;
using Basgd.Learning;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Benchmarks.Clusters;

/// <summary>The silo as it is shipped, and the workloads of these benchmarks besides.</summary>
internal static class WorkloadSilo
{
    public const string Verb = "silo";

    /// <param name="arguments">As the silo takes them.</param>
    public static Task<int> Run(string[] arguments) => SiloProgram.Run(arguments, static services =>
    {
        foreach (var workload in (IWorkload[])[.. SleepingWorkload.All, .. InstantWorkload.All]) services.AddSingleton(workload);
    });
}
