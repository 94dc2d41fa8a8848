using Basgd.Contracts;
using Orleans.Concurrency;

namespace Basgd.Grains;

/// <summary>One on each silo: many workers cost one fetch of a new model.</summary>
[StatelessWorker(1, removeIdleWorkers: false), Reentrant]
public sealed class ModelCacheGrain(VectorFetcher fetcher) : Grain, IModelCacheGrain
{
    private ModelSnapshot? newest;
    private (Task Answer, ModelVersion AtLeast)? fetch;
    private (Task<bool> End, ModelVersion Round, int MappingEpoch)? waiting;

    /// <inheritdoc/>
    public async Task<ModelSnapshot?> Get(ModelVersion atLeast, int minMappingEpoch)
    {
        // A fetch for a newer model than this caller needs may wait for a step, which he must not.
        while (!IsEnough(atLeast, minMappingEpoch) && fetch is { } running && running.AtLeast <= atLeast)
            await running.Answer;
        if (IsEnough(atLeast, minMappingEpoch)) return Share();

        var own = Fetch(atLeast);
        fetch = (own, atLeast);
        try
        {
            await own;
            return Share();
        }
        finally
        {
            if (fetch?.Answer == own) fetch = null;
        }
    }

    /// <inheritdoc/>
    public Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch)
    {
        if (waiting is { End.IsCompleted: false } shared && (shared.Round, shared.MappingEpoch) == (round, mappingEpoch)) return shared.End;
        var end = GrainFactory.GetGrain<IModelGrain>(this.GetPrimaryKeyString()).AwaitRoundEnd(round, mappingEpoch);
        waiting = (end, round, mappingEpoch);
        return end;
    }

    /// <inheritdoc/>
    public Task Forget(ModelVersion version)
    {
        if (newest?.Version != version) return Task.CompletedTask;
        newest.Parameters.Return();
        newest = null;
        return Task.CompletedTask;
    }

    private bool IsEnough(ModelVersion atLeast, int minMappingEpoch) =>
        newest is not null && newest.Version >= atLeast && newest.Routing.MappingEpoch >= minMappingEpoch;

    private async Task Fetch(ModelVersion atLeast)
    {
        if (await GrainFactory.GetGrain<IModelGrain>(this.GetPrimaryKeyString()).GetSnapshot(atLeast) is not { } answer) return;
        if (await fetcher.Open(answer.Parameters) is not { } parameters) throw new TimeoutException($"model {answer.Version} could not be fetched in time");
        var fetched = new ModelSnapshot(answer.Version, parameters, answer.Routing);
        if (newest is not null && (fetched.Version, fetched.Routing.MappingEpoch).CompareTo((newest.Version, newest.Routing.MappingEpoch)) <= 0)
        {
            parameters.Return();
            return;
        }

        newest?.Parameters.Return();
        newest = fetched;
    }

    private ModelSnapshot? Share() => newest is null ? null : newest with { Parameters = newest.Parameters.ForMessage() };
}
