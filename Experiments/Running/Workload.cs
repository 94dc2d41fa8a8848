using Basgd.Learning;

namespace Basgd.Experiments.Running;

/// <summary>Looks up what a setup names.</summary>
internal static class Workload
{
    /// <exception cref="ArgumentException">No workload is called that.</exception>
    public static IWorkload Find(IReadOnlyList<IWorkload> workloads, Setup setup)
    {
        static bool Is(string name, string asked) => name.Equals(asked, StringComparison.OrdinalIgnoreCase);
        return workloads.FirstOrDefault(workload => Is(workload.Model, setup.Model) && Is(workload.Dataset, setup.Dataset))
            ?? throw new ArgumentException($"model = {setup.Model} on dataset = {setup.Dataset}: must be one of {string.Join(", ", workloads.Select(static workload => $"{workload.Model} on {workload.Dataset}"))}");
    }
}
