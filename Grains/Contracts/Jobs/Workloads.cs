using Basgd.Contracts.Access;

namespace Basgd.Contracts;

[GenerateSerializer, Immutable, Alias("basgd.catalog-entry")]
public sealed record CatalogEntry([property: Id(0)] string Name, [property: Id(1)] string Summary);

/// <summary>The models and data sets that the cluster's worker silos can train. One key, 0; stateless worker.</summary>
[Alias("basgd.IWorkloadCatalogGrain")]
public interface IWorkloadCatalogGrain : IGrainWithIntegerKey
{
    [Alias("Models"), Look]
    Task<IReadOnlyList<CatalogEntry>> Models();

    [Alias("Datasets"), Look]
    Task<IReadOnlyList<CatalogEntry>> Datasets();
}

/// <param name="Dimension">d.</param>
/// <param name="TrainingExamples">Size of the training set, the unit of an epoch.</param>
[GenerateSerializer, Immutable, Alias("basgd.workload-info")]
public sealed record WorkloadInfo(
    [property: Id(0)] int Dimension,
    [property: Id(1)] long TrainingExamples,
    [property: Id(2)] IReadOnlyList<TensorShape> Layout)
{
    /// <summary>How to use the parameters elsewhere, as texts by name; null if it was described before there was such a thing.</summary>
    [Id(3)] public IReadOnlyDictionary<string, string>? Usage { get; init; }
}

/// <summary>What of a job's learning problem is not a gradient. Stateless worker on silos with the worker role; key: job name, and the silo if one is meant.</summary>
[Alias("basgd.IWorkloadGrain")]
public interface IWorkloadGrain : IGrainWithStringKey
{
    /// <exception cref="JobRefusedException">No such model or data set, or its data cannot be had.</exception>
    [Alias("Describe"), ResponseTimeout("00:10:00")]
    Task<WorkloadInfo> Describe(JobSpec spec);

    /// <summary>The initial parameters, a function of the job's seed.</summary>
    [Alias("Initialise"), ResponseTimeout("00:10:00")]
    Task<VectorParcel> Initialise(JobSpec spec);

    /// <summary>Judges the newest model on the held-out data.</summary>
    /// <exception cref="JobRefusedException">The job has no model yet.</exception>
    [Alias("Evaluate"), ResponseTimeout("00:10:00")]
    Task<WorkloadEvaluation> Evaluate(JobSpec spec, ModelVersion atLeast);

    /// <summary>As <see cref="ITrainingJobGrain.Replay"/>.</summary>
    [Alias("Replay"), ResponseTimeout("01:00:00")]
    Task<LedgerReplay> Replay(JobSpec spec);
}

[GenerateSerializer, Immutable, Alias("basgd.workload-evaluation")]
public sealed record WorkloadEvaluation(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] double Loss,
    [property: Id(2)] double Accuracy,
    [property: Id(3)] double? Perplexity);
