using Basgd.Contracts;
using Orleans.Concurrency;

namespace Basgd.Grains;

/// <summary>One on each silo: many workers cost one fetch of a new model.</summary>
[StatelessWorker(1, removeIdleWorkers: false), Reentrant]
public sealed class ModelCacheGrain : Grain, IModelCacheGrain
{
    private ModelSnapshot? newest;
    private (Task<ModelSnapshot?> Answer, ModelVersion AtLeast)? fetch;

    /// <inheritdoc/>
    public async Task<ModelSnapshot?> Get(ModelVersion atLeast, int minMappingEpoch)
    {
        // A fetch for a newer model than this caller needs may wait for a step, which he must not.
        while (!IsEnough(atLeast, minMappingEpoch) && fetch is { } running && running.AtLeast <= atLeast)
            await running.Answer;
        if (IsEnough(atLeast, minMappingEpoch)) return newest;

        var own = Fetch(atLeast);
        fetch = (own, atLeast);
        try
        {
            return await own;
        }
        finally
        {
            if (fetch?.Answer == own) fetch = null;
        }
    }

    private bool IsEnough(ModelVersion atLeast, int minMappingEpoch) =>
        newest is not null && newest.Version >= atLeast && newest.Routing.MappingEpoch >= minMappingEpoch;

    private async Task<ModelSnapshot?> Fetch(ModelVersion atLeast)
    {
        var fetched = await GrainFactory.GetGrain<IModelGrain>(this.GetPrimaryKeyString()).GetSnapshot(atLeast);
        if (fetched is not null && (newest is null || (fetched.Version, fetched.Routing.MappingEpoch).CompareTo((newest.Version, newest.Routing.MappingEpoch)) > 0))
            newest = fetched;
        return newest;
    }
}
