namespace Basgd.Learning.Data;

/// <summary>The data sets that are built in. To add one: derive from <see cref="Dataset"/> beside the others and name it here.</summary>
public static class DatasetCatalog
{
    /// <summary>One object each; examples read through one are shared by all that hold it.</summary>
    public static IReadOnlyList<Dataset> All(DataOptions options) => [new FashionMnist(options), new Synthetic()];
}
