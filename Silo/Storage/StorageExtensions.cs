using System.ComponentModel.DataAnnotations;
using Basgd.Grains;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;

namespace Basgd.Silo.Storage;

/// <summary>Registers grain storage.</summary>
public static class StorageExtensions
{
    /// <summary>Keeps grain state as files.</summary>
    /// <exception cref="ValidationException">An option breaks its rule.</exception>
    public static ISiloBuilder AddFileGrainStorage(this ISiloBuilder silo, string name, Action<FileStorageOptions> configure)
    {
        var options = new FileStorageOptions();
        configure(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);

        var blobs = new FileBlobStore(options);
        silo.Services.AddSingleton<ICheckpointLocator>(new FileCheckpointLocator(blobs));
        silo.Services.AddGrainStorage(name, (services, _) => new CheckpointGrainStorage(
            blobs,
            options.CheckpointsKept,
            services.GetRequiredService<Serializer>(),
            services.GetRequiredService<ILogger<CheckpointGrainStorage>>()));
        return silo;
    }

    private sealed class FileCheckpointLocator(FileBlobStore blobs) : ICheckpointLocator
    {
        public string Locate(string stateName, GrainId grain) => blobs.PathOf(CheckpointGrainStorage.NameOf(stateName, grain));
    }
}
