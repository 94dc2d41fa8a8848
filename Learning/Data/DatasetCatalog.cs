using Basgd.Learning.Data.Texts;

namespace Basgd.Learning.Data;

/// <summary>The data sets that are built in. To add one: derive from <see cref="Dataset"/> or <see cref="Corpus"/> beside the others and name it here.</summary>
public static class DatasetCatalog
{
    /// <summary>Sets of labelled images, one object each; examples read through one are shared by all that hold it.</summary>
    public static IReadOnlyList<Dataset> Images(DataOptions options) => [new FashionMnist(options), new Cifar10(options), new Synthetic()];

    /// <summary>Texts, likewise.</summary>
    public static IReadOnlyList<Corpus> Texts(DataOptions options) => [new KingJames(options), new WikiText2(options)];
}
