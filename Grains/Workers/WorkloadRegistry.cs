using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Grains;

/// <summary>The workloads registered in this host.</summary>
public sealed class WorkloadRegistry(IEnumerable<IWorkload> workloads)
{
    private readonly IWorkload[] all = [.. workloads];

    public IReadOnlyList<CatalogEntry> Models =>
        [.. all.Select(w => new CatalogEntry(w.Model, w.ModelSummary)).DistinctBy(entry => entry.Name)];

    public IReadOnlyList<CatalogEntry> Datasets =>
        [.. all.Select(w => new CatalogEntry(w.Dataset, w.DatasetSummary)).DistinctBy(entry => entry.Name)];

    /// <summary>What can be named in a job.</summary>
    public IReadOnlyList<WorkloadName> Names => [.. all.Select(static w => new WorkloadName(w.Model, w.Dataset)).Distinct()];

    /// <exception cref="JobRefusedException">No such model or data set, or not together.</exception>
    public IWorkload Find(JobSpec spec) =>
        all.LastOrDefault(w => WorkloadName.Obstacle(spec, [new WorkloadName(w.Model, w.Dataset)]) is null)
            ?? throw new JobRefusedException(WorkloadName.Fault(spec, Names)!);
}
