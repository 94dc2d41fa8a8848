using Basgd.Silo.Hosting;
using Npgsql;

namespace Basgd.Silo.Storage;

/// <summary>The storage that the options of <c>Basgd:Storage</c> describe.</summary>
internal sealed class SiloStorage : IAsyncDisposable
{
    public const string Section = "Basgd:Storage";

    private readonly List<IAsyncDisposable> connections = [];

    private SiloStorage(StorageOptions options, Func<SiloStorage, IBlobStore> open, IEnumerable<string> secrets)
    {
        Provider = options.Provider;
        Secrets = [.. secrets];
        Blobs = open(this);
    }

    public string Provider { get; }

    public IBlobStore Blobs { get; }

    /// <summary>What must never be shown.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>Checks the options and prepares to connect; nothing is connected yet.</summary>
    /// <param name="state">State directory, in which files lie by default.</param>
    /// <returns>Null where an option is wrong.</returns>
    public static SiloStorage? Open(CheckedOptions read, string state)
    {
        var common = read.Get<StorageOptions>(Section);
        switch (common.Provider)
        {
            case StorageOptions.File:
                var files = read.Get<FileStorageOptions>($"{Section}:File");
                return new SiloStorage(common, _ => new FileBlobStore(files.Directory ?? Path.Combine(state, "grains"), common.CheckpointsKept, files.Fsync), []);

            case StorageOptions.Redis:
                var redis = read.Get<RedisStorageOptions>($"{Section}:Redis");
                read.Try(redis, $"{Section}:Redis", nameof(redis.Connection), () => RedisConnection.Configure(redis.Connection));
                return new SiloStorage(common, storage => new RedisBlobStore(storage.Own(new RedisConnection(redis.Connection)), redis.KeyPrefix, common.CheckpointsKept), [redis.Connection]);

            case StorageOptions.Postgres:
                var postgres = read.Get<PostgresStorageOptions>($"{Section}:Postgres");
                NpgsqlConnectionStringBuilder? settings = null;
                read.Try(postgres, $"{Section}:Postgres", nameof(postgres.Connection), () => settings = PostgresConnection.Configure(postgres.Connection));
                return settings is null ? null : new SiloStorage(common, storage => new PostgresBlobStore(storage.Own(NpgsqlDataSource.Create(settings)), postgres.Table, common.CheckpointsKept), [postgres.Connection]);

            case StorageOptions.AzureBlob:
                var azure = read.Get<AzureBlobStorageOptions>($"{Section}:AzureBlob");
                Azure.Storage.Blobs.BlobContainerClient? container = null;
                read.Try(azure, $"{Section}:AzureBlob", nameof(azure.Connection), () => container = AzureBlobConnection.Open(azure));
                return container is null ? null : new SiloStorage(common, _ => new AzureBlobStore(container, common.CheckpointsKept), [azure.Connection ?? ""]);

            default: return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    private T Own<T>(T connection)
        where T : IAsyncDisposable
    {
        connections.Add(connection);
        return connection;
    }
}
