using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>A grain storage whose failures are told in our own words, whatever is below, and noticed by the silo's <see cref="StorageWatch"/>.</summary>
internal sealed class WatchedGrainStorage(IGrainStorage storage, StorageWatch watch) : IGrainStorage
{
    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        watch.Read(() => storage.ReadStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        watch.Write(() => storage.WriteStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        watch.Write(() => storage.ClearStateAsync(stateName, grainId, grainState));
}
