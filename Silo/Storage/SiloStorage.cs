using System.Net;
using System.Net.Sockets;
using Basgd.Silo.Hosting;
using Npgsql;

namespace Basgd.Silo.Storage;

/// <summary>The storage that the options of <c>Basgd:Storage</c> describe.</summary>
internal sealed class SiloStorage : IAsyncDisposable
{
    public const string Section = "Basgd:Storage";

    private readonly List<IAsyncDisposable> connections = [];

    private SiloStorage(StorageTarget target, Func<SiloStorage, IBlobStore> open, string secret = "")
    {
        (Target, Secret) = (target, secret);
        Blobs = open(this);
    }

    public IBlobStore Blobs { get; }

    /// <summary>Where it lies.</summary>
    public StorageTarget Target { get; }

    /// <summary>The connection string, which must never be shown; empty where there is none.</summary>
    public string Secret { get; }

    /// <summary>Checks the options and prepares to connect; nothing is connected yet.</summary>
    /// <param name="state">State directory, in which files lie by default.</param>
    /// <param name="isShared">Whether other silos may hold grains of the same cluster.</param>
    /// <returns>Null where an option is wrong.</returns>
    public static SiloStorage? Open(CheckedOptions read, string state, bool isShared)
    {
        var common = read.Get<StorageOptions>(Section);
        switch (common.Provider)
        {
            case StorageOptions.File:
                var files = read.Get<FileStorageOptions>($"{Section}:File");
                if (isShared && files.Directory is null)
                    read.Refuse(common, Section, nameof(common.Provider), $"must be redis, postgres or azure-blob where there are several silos, for each would see its own files only; where this is the one server silo, say so by giving {Section}:File:Directory");
                var directory = Path.GetFullPath(files.Directory ?? Path.Combine(state, "grains"));
                return new SiloStorage(
                    new StorageTarget(common.Provider, directory, []),
                    _ => new FileBlobStore(directory, common.CheckpointsKept, files.Fsync));

            case StorageOptions.Redis:
                var redis = read.Get<RedisStorageOptions>($"{Section}:Redis");
                StackExchange.Redis.ConfigurationOptions? addresses = null;
                read.Try(redis, $"{Section}:Redis", nameof(redis.Connection), () => addresses = RedisConnection.Configure(redis.Connection));
                addresses?.SetDefaultPorts();
                return addresses is null ? null : new SiloStorage(
                    At(common.Provider, "", [.. addresses.EndPoints]),
                    storage => new RedisBlobStore(storage.Own(new RedisConnection(redis.Connection)), redis.KeyPrefix, common.CheckpointsKept),
                    redis.Connection);

            case StorageOptions.Postgres:
                var postgres = read.Get<PostgresStorageOptions>($"{Section}:Postgres");
                NpgsqlConnectionStringBuilder? settings = null;
                read.Try(postgres, $"{Section}:Postgres", nameof(postgres.Connection), () => settings = PostgresConnection.Configure(postgres.Connection));
                return settings is null ? null : new SiloStorage(
                    At(common.Provider, $"/{settings.Database}", Servers(settings)),
                    storage => new PostgresBlobStore(storage.Own(NpgsqlDataSource.Create(settings)), postgres.Table, common.CheckpointsKept),
                    postgres.Connection);

            case StorageOptions.AzureBlob:
                var azure = read.Get<AzureBlobStorageOptions>($"{Section}:AzureBlob");
                Azure.Storage.Blobs.BlobContainerClient? container = null;
                read.Try(azure, $"{Section}:AzureBlob", nameof(azure.Connection), () => container = AzureBlobConnection.Open(azure));
                return container is null ? null : new SiloStorage(
                    new StorageTarget(common.Provider, container.Uri.GetLeftPart(UriPartial.Path), [StorageTarget.Server(container.Uri.Host, container.Uri.Port)]),
                    _ => new AzureBlobStore(container, common.CheckpointsKept),
                    azure.Connection ?? "");

            default: return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    private static StorageTarget At(string provider, string rest, IReadOnlyList<EndPoint> servers) =>
        new(provider, $"{string.Join(",", servers.Select(StorageTarget.Show))}{rest}", servers);

    /// <summary>Hosts may be a list, each with a port of its own. A folder stands for the socket in it.</summary>
    private static EndPoint[] Servers(NpgsqlConnectionStringBuilder settings) =>
    [
        .. from host in settings.Host!.Split(',', StringSplitOptions.TrimEntries)
           select host.StartsWith('/') ? new UnixDomainSocketEndPoint($"{host}/.s.PGSQL.{settings.Port}")
               : host.Split(':') is [var name, var port] && int.TryParse(port, out var number) ? StorageTarget.Server(name, number)
               : StorageTarget.Server(host, settings.Port),
    ];

    private T Own<T>(T connection)
        where T : IAsyncDisposable
    {
        connections.Add(connection);
        return connection;
    }
}
