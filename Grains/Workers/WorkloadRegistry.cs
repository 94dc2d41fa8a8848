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

    /// <exception cref="JobRefusedException">No such model or data set, or not together.</exception>
    public IWorkload Find(JobSpec spec)
    {
        Require("model", spec.Model, Models);
        Require("dataset", spec.Dataset, Datasets);
        return all.LastOrDefault(w => Same(w.Model, spec.Model) && Same(w.Dataset, spec.Dataset))
            ?? throw new JobRefusedException($"model = {spec.Model}: cannot be trained on dataset = {spec.Dataset}; " +
                $"{spec.Model} takes {Names(w => Same(w.Model, spec.Model), w => w.Dataset)}, and {spec.Dataset} is for {Names(w => Same(w.Dataset, spec.Dataset), w => w.Model)}");
    }

    private string Names(Func<IWorkload, bool> which, Func<IWorkload, string> name) => string.Join(", ", all.Where(which).Select(name).Distinct());

    private static void Require(string field, string value, IReadOnlyList<CatalogEntry> known)
    {
        if (!known.Any(entry => Same(entry.Name, value)))
            throw new JobRefusedException($"{field} = {value}: unknown; must be one of {string.Join(", ", known.Select(entry => entry.Name))}");
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
