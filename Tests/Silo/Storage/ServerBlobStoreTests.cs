using Azure.Storage.Blobs;
using Basgd.Silo.Storage;
using Basgd.Tests.Servers;
using Npgsql;

namespace Basgd.Silo.Tests.Storage;

/// <summary>The promises of every blob store, kept by a real Redis.</summary>
[Trait("category", "slow")]
public sealed class RedisBlobStoreTests(RedisServer server) : BlobStoreTests, IClassFixture<RedisServer>, IAsyncDisposable
{
    private readonly RedisConnection connection = new(server.Address);
    private readonly string prefix = $"test-{Guid.NewGuid():N}";

    [Fact]
    public async Task Nothing_is_left_of_a_write_that_lost()
    {
        var store = Open();
        var first = await store.Write(Name, Bytes("one"), null);
        await store.Write(Name, Bytes("two"), first);
        await Should.ThrowAsync<BlobConflictException>(() => store.Write(Name, Bytes("zombie"), first));

        (await Keys()).ShouldBe([$"{prefix}:{{{Name}}}:0", $"{prefix}:{{{Name}}}:1"]);
    }

    [Fact]
    public async Task The_damaged_version_is_kept_apart_until_the_blob_is_deleted()
    {
        var store = Open();
        var eTag = await store.FallBack(Name, 1, await store.Write(Name, Bytes("bad"), await store.Write(Name, Bytes("good"), null)));

        (await Keys()).ShouldBe([$"{prefix}:{{{Name}}}:0", $"{prefix}:{{{Name}}}:damaged"]);
        await store.Delete(Name, eTag);
        (await Keys()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_server_was_killed()
    {
        var store = Open();
        var eTag = await store.Write(Name, Bytes("one"), null);

        await server.Kill();
        await server.Restart();

        await Eventually(async () => (await store.Read(Name, 0))?.ETag == eTag);
        await store.Write(Name, Bytes("two"), eTag);
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    protected override IBlobStore Open(int kept = 2) => new RedisBlobStore(connection, prefix, kept);

    private async Task<string[]> Keys()
    {
        List<string> keys = [];
        await foreach (var key in (await connection.Open()).Multiplexer.GetServers()[0].KeysAsync(pattern: $"{prefix}:*")) keys.Add(key!);
        return [.. keys.Order(StringComparer.Ordinal)];
    }
}

/// <summary>The promises of every blob store, kept by a real PostgreSQL.</summary>
[Trait("category", "slow")]
public sealed class PostgresBlobStoreTests(PostgresServer server) : BlobStoreTests, IClassFixture<PostgresServer>, IAsyncDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(PostgresConnection.Configure(server.Address));
    private readonly string table = $"test_{Guid.NewGuid():N}";

    [Fact]
    public async Task The_table_is_made_once_however_many_miss_it_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Open().Write($"model/{i}", Bytes("one"), null)));

        (await Rows()).ShouldBe(8);
    }

    [Fact]
    public async Task The_damaged_version_is_kept_apart_until_the_blob_is_deleted()
    {
        var store = Open();
        var eTag = await store.FallBack(Name, 1, await store.Write(Name, Bytes("bad"), await store.Write(Name, Bytes("good"), null)));

        (await Rows()).ShouldBe(2);
        await store.Delete(Name, eTag);
        (await Rows()).ShouldBe(0);
    }

    public async ValueTask DisposeAsync() => await source.DisposeAsync();

    protected override IBlobStore Open(int kept = 2) => new PostgresBlobStore(source, table, kept);

    private async Task<long> Rows()
    {
        await using var count = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}

/// <summary>The promises of every blob store, kept by Azure Blob Storage as Azurite emulates it.</summary>
[Trait("category", "slow")]
public sealed class AzureBlobStoreTests(AzuriteServer server) : BlobStoreTests, IClassFixture<AzuriteServer>
{
    private readonly BlobContainerClient container = new(server.ConnectionString, $"test-{Guid.NewGuid():N}");

    [Theory]
    [InlineData("model/model%2Flenet5", "model-model/lenet5.json")]
    [InlineData("buffer/buffer%2F3%2Bjob%2E1", "buffer-buffer/3%2Bjob%2E1.json")]
    [InlineData("model/model%2F%2E%2E%2F%2E%2E%2Fjob", "model-model/%2E%2E/%2E%2E/job.json")]
    public void The_layout_is_that_of_the_official_provider_and_safe(string name, string path) => AzureBlobStore.PathOf(name).ShouldBe(path);

    [Fact]
    public async Task A_cleared_blob_of_the_official_provider_is_no_state_and_can_be_written_over()
    {
        await container.CreateAsync();
        await container.GetBlobClient(AzureBlobStore.PathOf(Name)).UploadAsync(BinaryData.FromString(""));
        var store = Open();

        (await store.Read(Name, 0)).ShouldBeNull();
        await store.Write(Name, Bytes("one"), null);

        (await Text(store, 0)).ShouldBe("one");
    }

    [Fact]
    public async Task The_damaged_version_is_kept_apart_until_the_blob_is_deleted()
    {
        var store = Open();
        var eTag = await store.FallBack(Name, 1, await store.Write(Name, Bytes("bad"), await store.Write(Name, Bytes("good"), null)));

        (await Names()).ShouldBe(["model-lenet5.json", "model-lenet5.json.damaged"]);
        await store.Delete(Name, eTag);
        (await Names()).ShouldBeEmpty();
    }

    protected override IBlobStore Open(int kept = 2) => new AzureBlobStore(container, kept);

    private async Task<string[]> Names()
    {
        List<string> names = [];
        await foreach (var blob in container.GetBlobsAsync()) names.Add(blob.Name);
        return [.. names.Order(StringComparer.Ordinal)];
    }
}
