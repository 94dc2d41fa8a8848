using Basgd.Grains;
using Basgd.Grains.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Registers grain storage.</summary>
public static class StorageExtensions
{
    /// <summary>Keeps grain state as files.</summary>
    /// <exception cref="OptionsValidationException">An option breaks its rule.</exception>
    public static ISiloBuilder AddFileGrainStorage(this ISiloBuilder silo, string name, Action<FileStorageOptions> configure)
    {
        var options = new FileStorageOptions();
        configure(options);
        if (OptionsRules.Check(options, "file storage") is { Count: > 0 } problems) throw new OptionsValidationException(name, typeof(FileStorageOptions), problems);

        var blobs = new FileBlobStore(options);
        silo.Services.AddSingleton<ICheckpointLocator>(new FileCheckpointLocator(blobs));
        return silo.AddBlobGrainStorage(name, blobs);
    }

    /// <summary>Keeps grain state in memory, through the same format and checks as files: for tests.</summary>
    /// <param name="blobs">Shared by the silos that are to see the same state.</param>
    public static ISiloBuilder AddMemoryBlobGrainStorage(this ISiloBuilder silo, string name, MemoryBlobStore blobs) =>
        silo.AddBlobGrainStorage(name, blobs);

    private static ISiloBuilder AddBlobGrainStorage(this ISiloBuilder silo, string name, IBlobStore blobs)
    {
        silo.Services.AddGrainStorage(name, (services, _) => ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, blobs));
        return silo;
    }

    private sealed class FileCheckpointLocator(FileBlobStore blobs) : ICheckpointLocator
    {
        public string Locate(string stateName, GrainId grain) => blobs.PathOf(CheckpointGrainStorage.NameOf(stateName, grain));
    }
}
