using System.Buffers;
using Basgd.Silo.Storage;
using Npgsql;

namespace Basgd.Silo.Tests.Storage;

/// <summary>What a store cannot hold is refused before anything is sent.</summary>
public sealed class BlobLimitTests
{
    [Fact]
    public async Task Redis_refuses_more_than_half_a_gibibyte_naming_the_limit()
    {
        await using var connection = new RedisConnection("redis://127.0.0.1:1");
        using var block = new Claimed(RedisBlobStore.Limit + 1);

        var refusal = await Should.ThrowAsync<BlobTooLargeException>(() => new RedisBlobStore(connection, "test", 2).Write("model/a", block.Memory, null));

        refusal.Message.ShouldStartWith("model/a has 536,870,913 bytes, more than the 536,870,912 that a value in Redis can have");
    }

    [Fact]
    public async Task Postgres_refuses_more_than_a_gibibyte_naming_the_limit()
    {
        await using var source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        using var block = new Claimed(PostgresBlobStore.Limit + 1);

        var refusal = await Should.ThrowAsync<BlobTooLargeException>(() => new PostgresBlobStore(source, "test", 2).Write("model/a", block.Memory, null));

        refusal.Message.ShouldStartWith("model/a has 1,072,693,249 bytes, more than the 1,072,693,248 that a value in PostgreSQL can have");
    }

    /// <summary>Memory that says how long it is and has nothing behind it.</summary>
    private sealed class Claimed(long length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory((int)length);

        public override Span<byte> GetSpan() => [];

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
