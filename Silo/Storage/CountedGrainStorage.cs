using Basgd.Grains.Telemetry;
using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>Grain storage whose failures are counted.</summary>
internal sealed class CountedGrainStorage(IGrainStorage storage, StorageFailureInstruments instruments) : IGrainStorage
{
    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Counted(() => storage.ReadStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Counted(() => storage.WriteStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Counted(() => storage.ClearStateAsync(stateName, grainId, grainState));

    private async Task Counted(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (Exception failure)
        {
            instruments.Failed(StorageFailures.CauseOf(failure));
            throw;
        }
    }
}
