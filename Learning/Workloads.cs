using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;

namespace Basgd.Learning;

/// <summary>Where a host starts: every built-in model on every built-in data set.</summary>
public static class Workloads
{
    /// <summary>Reads nothing and loads nothing yet; make them once a process, they share their data.</summary>
    public static IReadOnlyList<IWorkload> BuiltIn(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. from data in DatasetCatalog.All(options) from model in ModelCatalog.All select new TorchWorkload(model, data)];
    }
}
