using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;

namespace Basgd.Learning;

/// <summary>Where a host starts: every built-in model on each built-in data set that it fits.</summary>
public static class Workloads
{
    /// <summary>Reads nothing and loads nothing yet; make them once a process, they share their data.</summary>
    public static IReadOnlyList<IWorkload> BuiltIn(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. from data in DatasetCatalog.Images(options) from model in ModelCatalog.Classifiers select new ClassifierWorkload(model, data),
            .. from corpus in DatasetCatalog.Texts(options) from model in ModelCatalog.LanguageModels select new LanguageWorkload(model, corpus),
        ];
    }
}
