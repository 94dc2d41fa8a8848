using Basgd.Grains;
using Basgd.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>Registers grain storage.</summary>
public static class StorageExtensions
{
    /// <summary>Name of the storage below the watched one.</summary>
    internal const string Unwatched = "unwatched";

    /// <summary>Keeps grain state in a store of blobs: checksummed, and the last versions of each.</summary>
    /// <param name="blobs">Shared by the silos that are to see the same state.</param>
    public static ISiloBuilder AddBlobGrainStorage(this ISiloBuilder silo, string name, IBlobStore blobs)
    {
        if (blobs is FileBlobStore files) silo.Services.AddSingleton<ICheckpointLocator>(new FileCheckpointLocator(files));
        silo.Services.AddMetrics().TryAddSingleton<StorageFailureInstruments>();
        silo.Services.AddGrainStorage(name, (services, _) => ActivatorUtilities.CreateInstance<CountedGrainStorage>(services, ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, blobs)));
        return silo;
    }

    /// <summary>The same for a host's storage, whose failures are told in our own words, shown by the jobs and counted.</summary>
    internal static ISiloBuilder AddWatchedGrainStorage(this ISiloBuilder silo, string name, SiloStorage storage)
    {
        silo.AddBlobGrainStorage(Unwatched, storage.Blobs);
        Func<Task> probe = () => storage.Blobs.Read("health", 0);
        silo.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<StorageWatch>(services, storage.Target, probe));
        silo.Services.AddSingleton<IStorageHealth>(static services => services.GetRequiredService<StorageWatch>());
        silo.Services.AddGrainStorage(name, static (services, _) => new CountedGrainStorage(
            new WatchedGrainStorage(services.GetRequiredKeyedService<IGrainStorage>(Unwatched), services.GetRequiredService<StorageWatch>()),
            services.GetRequiredService<StorageFailureInstruments>()));
        return silo;
    }

    /// <summary>Silos of earlier versions tell storage failures by the types of their libraries: any silo that passes one on must be able to read it.</summary>
    public static ISiloBuilder TellStorageFailures(this ISiloBuilder silo)
    {
        silo.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedNamespacePrefixes.UnionWith(["Basgd", "Npgsql", "StackExchange.Redis"]));
        return silo;
    }

    private sealed class FileCheckpointLocator(FileBlobStore blobs) : ICheckpointLocator
    {
        public string Locate(string stateName, GrainId grain) => blobs.PathOf(CheckpointGrainStorage.NameOf(stateName, grain));
    }
}
