using Basgd.Grains;
using Basgd.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;

namespace Basgd.Silo.Storage;

/// <summary>Registers grain storage.</summary>
public static class StorageExtensions
{
    /// <summary>Keeps grain state in a store of blobs: checksummed, and the last versions of each.</summary>
    /// <param name="blobs">Shared by the silos that are to see the same state.</param>
    public static ISiloBuilder AddBlobGrainStorage(this ISiloBuilder silo, string name, IBlobStore blobs)
    {
        if (blobs is FileBlobStore files) silo.Services.AddSingleton<ICheckpointLocator>(new FileCheckpointLocator(files));
        silo.Services.AddMetrics().TryAddSingleton<StorageFailureInstruments>();
        silo.Services.AddGrainStorage(name, (services, _) => ActivatorUtilities.CreateInstance<CountedGrainStorage>(services, ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, blobs)));
        return silo;
    }

    /// <summary>Why storage failed reaches whoever called the grain: also through a silo that only passes the answer on, and has no storage itself.</summary>
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
