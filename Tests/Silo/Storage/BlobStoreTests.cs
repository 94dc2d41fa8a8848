using System.Text;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Basgd.Silo.Tests.Storage;

/// <summary>What every blob store promises.</summary>
public abstract class BlobStoreTests
{
    protected const string Name = "model/lenet5";

    protected abstract IBlobStore Open(int kept = 2);

    [Fact]
    public async Task What_is_written_can_be_read_with_its_etag()
    {
        var store = Open();

        var eTag = await store.Write(Name, Bytes("one"), null);

        (await Text(store, 0)).ShouldBe("one");
        (await store.Read(Name, 0))!.ETag.ShouldBe(eTag);
    }

    [Fact]
    public async Task Nothing_is_read_where_nothing_was_written() => (await Open().Read(Name, 0)).ShouldBeNull();

    [Fact]
    public async Task The_last_versions_are_kept_and_no_more()
    {
        var store = Open(kept: 3);
        string? eTag = null;
        foreach (var text in (string[])["one", "two", "three", "four"]) eTag = await store.Write(Name, Bytes(text), eTag);

        (await Text(store, 0)).ShouldBe("four");
        (await Text(store, 1)).ShouldBe("three");
        (await Text(store, 2)).ShouldBe("two");
        (await store.Read(Name, 3)).ShouldBeNull();
    }

    [Fact]
    public async Task A_writer_that_does_not_know_the_newest_version_changes_nothing()
    {
        var store = Open();
        var first = await store.Write(Name, Bytes("one"), null);
        var second = await store.Write(Name, Bytes("two"), first);

        (await Should.ThrowAsync<BlobConflictException>(() => store.Write(Name, Bytes("zombie"), first))).Found.ShouldBe(second);
        await Should.ThrowAsync<BlobConflictException>(() => store.Write(Name, Bytes("zombie"), null));
        await Should.ThrowAsync<BlobConflictException>(() => store.Delete(Name, first));
        await Should.ThrowAsync<BlobConflictException>(() => store.FallBack(Name, 1, first));

        (await Text(store, 0)).ShouldBe("two");
        (await Text(store, 1)).ShouldBe("one");
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins()
    {
        var store = Open();
        var eTag = await store.Write(Name, Bytes("start"), null);

        var attempts = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await store.Write(Name, Bytes($"writer {i}"), eTag);
                return (int?)i;
            }
            catch (BlobConflictException)
            {
                return null;
            }
        }));
        var winners = (await Task.WhenAll(attempts)).OfType<int>().ToArray();

        winners.Length.ShouldBe(1);
        (await Text(store, 0)).ShouldBe($"writer {winners[0]}");
        (await Text(store, 1)).ShouldBe("start");
    }

    [Fact]
    public async Task What_was_deleted_is_gone_in_every_version_and_can_be_written_anew()
    {
        var store = Open();
        var eTag = await store.Write(Name, Bytes("two"), await store.Write(Name, Bytes("one"), null));

        await store.Delete(Name, eTag);

        (await store.Read(Name, 0)).ShouldBeNull();
        (await store.Read(Name, 1)).ShouldBeNull();
        await store.Write(Name, Bytes("three"), null);
        (await Text(store, 0)).ShouldBe("three");
    }

    [Fact]
    public async Task The_version_fallen_back_to_is_the_newest_and_stays_when_more_is_written()
    {
        var store = Open();
        var good = await store.Write(Name, Bytes("good"), null);
        var bad = await store.Write(Name, Bytes("bad"), good);

        var again = await store.FallBack(Name, 1, bad);

        (await Text(store, 0)).ShouldBe("good");
        (await store.Read(Name, 0))!.ETag.ShouldBe(again);
        await Should.ThrowAsync<BlobConflictException>(() => store.Write(Name, Bytes("zombie"), bad));
        await store.Write(Name, Bytes("next"), again);
        (await Text(store, 0)).ShouldBe("next");
        (await Text(store, 1)).ShouldBe("good");
    }

    [Fact]
    public async Task The_version_before_the_last_can_be_fallen_back_to()
    {
        var store = Open(kept: 3);
        string? eTag = null;
        foreach (var text in (string[])["one", "two", "three"]) eTag = await store.Write(Name, Bytes(text), eTag);

        await store.FallBack(Name, 2, eTag);

        (await Text(store, 0)).ShouldBe("one");
        (await store.Read(Name, 2)).ShouldBeNull();
    }

    [Fact]
    public async Task Blobs_of_similar_names_stay_apart()
    {
        var store = Open(kept: 3);
        string[] names = ["model/a", "model/a%2Fb", "model/a-b", "model/b", "buffer/a", "model/a%2E0"];
        foreach (var name in names) await store.Write(name, Bytes(name), await store.Write(name, Bytes("first"), null));
        foreach (var name in names)
        {
            Encoding.UTF8.GetString((await store.Read(name, 0))!.Content.Span).ShouldBe(name);
            Encoding.UTF8.GetString((await store.Read(name, 1))!.Content.Span).ShouldBe("first");
            (await store.Read(name, 2)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_blob_of_megabytes_comes_back_as_it_was()
    {
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        var store = Open();

        var eTag = await store.Write(Name, bytes, null);

        (await store.Read(Name, 0))!.Content.Span.SequenceEqual(bytes).ShouldBeTrue();
        await store.Write(Name, bytes, eTag);
        (await store.Read(Name, 1))!.Content.Span.SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task An_empty_blob_can_be_written_over()
    {
        var store = Open();
        await store.Write(Name, Bytes(""), null);
        var eTag = (await store.Read(Name, 0))?.ETag;

        await store.Write(Name, Bytes("one"), eTag);

        (await Text(store, 0)).ShouldBe("one");
    }

    [Fact]
    public async Task A_damaged_checkpoint_gives_way_to_the_one_before_it_loudly()
    {
        var store = Open(kept: 3);
        var log = new LogLines();
        await using var services = new ServiceCollection()
            .AddSerializer(serializer => serializer.AddAssembly(typeof(ModelRecord).Assembly).AddAssembly(typeof(ModelVersion).Assembly))
            .AddLogging(logging => logging.AddProvider(log))
            .BuildServiceProvider();
        var storage = ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, store);
        var grain = GrainId.Create("model", "lenet5");
        var name = CheckpointGrainStorage.NameOf("model", grain);
        var state = new GrainState<ModelRecord>(new ModelRecord { Version = new ModelVersion(0, 7), Parameters = ParameterVector.CopyOf([1, 2, 3]) });
        await storage.WriteStateAsync("model", grain, state);
        var whole = (await store.Read(name, 0))!.Content.ToArray();
        whole[^1] ^= 1;
        await store.Write(name, whole, await store.Write(name, whole.AsMemory(..20), state.ETag));

        var read = new GrainState<ModelRecord>();
        await storage.ReadStateAsync("model", grain, read);

        read.State!.Version.Step.ShouldBe(7);
        read.State.Parameters!.Span.ToArray().ShouldBe([1f, 2f, 3f]);
        log.Lines.ShouldContain(line => line.StartsWith("DAMAGED CHECKPOINT") && line.Contains("checksum"));
        log.Lines.ShouldContain(line => line.StartsWith("FELL BACK") && line.Contains("step 7"));
        await storage.WriteStateAsync("model", grain, read);
        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync("model", grain, state));
    }

    /// <summary>Waits for what comes true by itself.</summary>
    protected static async Task Eventually(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await condition()) return;
            }
            catch (Exception failure) when (failure is StackExchange.Redis.RedisException or TimeoutException)
            {
                // Not there yet.
            }

            await Task.Delay(20, limit.Token);
        }
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static async Task<string> Text(IBlobStore store, int back) => Encoding.UTF8.GetString((await store.Read(Name, back))!.Content.Span);
}

public sealed class MemoryBlobStoreTests : BlobStoreTests
{
    protected override IBlobStore Open(int kept = 2) => new MemoryBlobStore(kept);
}

public sealed class FileBlobStoreTests : BlobStoreTests, IDisposable
{
    private readonly StateFolder folder = new();

    private string Newest => folder.Open().PathOf(Name);

    [Fact]
    public async Task A_new_process_goes_on_where_the_last_one_was()
    {
        var eTag = await Open().Write(Name, Bytes("one"), null);

        (await Text(Open(), 0)).ShouldBe("one");
        await Open().Write(Name, Bytes("two"), eTag);
        (await Text(Open(), 0)).ShouldBe("two");
    }

    /// <summary>What a killed process may leave: a temporary file, half or whole, before or after the older version moved on.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(int.MaxValue, false)]
    [InlineData(int.MaxValue, true)]
    public async Task A_crash_before_the_rename_leaves_the_old_version(int bytesWritten, bool shifted)
    {
        var eTag = await Open().Write(Name, Bytes("two"), await Open().Write(Name, Bytes("one"), null));
        var unfinished = Bytes("three, with an ETag of its own");
        await File.WriteAllBytesAsync(Newest + ".tmp", unfinished[..Math.Min(bytesWritten, unfinished.Length)]);
        if (shifted) File.Copy(Newest, Newest + ".1", overwrite: true);

        (await Text(Open(), 0)).ShouldBe("two");
        (await Text(Open(), 1)).ShouldBe(shifted ? "two" : "one");

        await Open().Write(Name, Bytes("four"), eTag);
        (await Text(Open(), 0)).ShouldBe("four");
        (await Text(Open(), 1)).ShouldBe("two");
        folder.Files().ShouldBe(["model/lenet5", "model/lenet5.1"]);
    }

    [Fact]
    public async Task Writing_does_not_touch_the_bytes_of_an_older_version()
    {
        var first = await Open().Write(Name, Bytes("one"), null);
        var before = await File.ReadAllBytesAsync(Newest);
        await Open().Write(Name, Bytes("two, longer"), first);

        (await File.ReadAllBytesAsync(Newest + ".1")).ShouldBe(before);
    }

    /// <summary>As what is killed after the newest version moved on and before the oldest did leaves it.</summary>
    [Fact]
    public async Task A_crash_between_the_two_renames_costs_the_version_before()
    {
        var eTag = await Open().Write(Name, Bytes("two"), await Open().Write(Name, Bytes("one"), null));
        File.Move(Newest + ".1", Newest + ".tmp");

        (await Text(Open(), 0)).ShouldBe("two");
        (await Open().Read(Name, 1)).ShouldBeNull();
        await Open().Write(Name, Bytes("three"), eTag);
        (await Text(Open(), 0)).ShouldBe("three");
        (await Text(Open(), 1)).ShouldBe("two");
    }

    [Fact]
    public async Task The_damaged_version_is_kept_apart()
    {
        var good = await Open().Write(Name, Bytes("good"), null);
        var bad = await Open().Write(Name, Bytes("bad"), good);

        await Open().FallBack(Name, 1, bad);

        folder.Files().ShouldBe(["model/lenet5", "model/lenet5.damaged"]);
        await Open().Delete(Name, good);
        folder.Files().ShouldBeEmpty();
    }

    public void Dispose() => folder.Dispose();

    protected override IBlobStore Open(int kept = 2) => folder.Open(kept);
}
