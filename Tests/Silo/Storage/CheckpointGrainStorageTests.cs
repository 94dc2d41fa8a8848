using System.Diagnostics;
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

public sealed class CheckpointGrainStorageTests : IDisposable
{
    private const string State = "model";
    private static readonly GrainId Grain = GrainId.Create("model", "lenet5");

    private readonly StateFolder folder = new();
    private readonly LogLines errors = new();
    private readonly ServiceProvider services;
    private readonly ITestOutputHelper output;

    public CheckpointGrainStorageTests(ITestOutputHelper output)
    {
        this.output = output;
        services = new ServiceCollection()
            .AddSerializer(serializer => serializer.AddAssembly(typeof(ModelRecord).Assembly).AddAssembly(typeof(ModelVersion).Assembly))
            .AddLogging(logging => logging.AddProvider(errors))
            .BuildServiceProvider();
    }

    private string Newest => folder.Open().PathOf(CheckpointGrainStorage.NameOf(State, Grain));

    [Fact]
    public async Task A_state_comes_back_as_it_was()
    {
        var written = await Write(Record(step: 7), null);

        var read = await Read();

        read.RecordExists.ShouldBeTrue();
        read.ETag.ShouldBe(written);
        read.State.Step.ShouldBe(7);
        read.State.VersionsLost.ShouldBe(0);
        read.State.LastApplied.ShouldBe([4, 5]);
        read.State.Parameters!.Span.ToArray().ShouldBe([7f, 7f, 7f]);
    }

    [Fact]
    public async Task The_momentum_of_the_server_comes_back_where_there_is_one()
    {
        var without = await Write(Record(step: 1), null);
        (await Read()).State.ToState().Velocity.ShouldBeNull();

        var moving = Record(step: 2).ToState() with { Velocity = ParameterVector.CopyOf([1, 2, 3]) };
        await Write(ModelRecord.From(moving, trainingExamples: 1), without);
        (await Read()).State.ToState().Velocity!.Span.ToArray().ShouldBe([1f, 2f, 3f]);
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_a_fresh_one()
    {
        var read = await Read();

        read.RecordExists.ShouldBeFalse();
        read.ETag.ShouldBeNull();
        read.State.Parameters.ShouldBeNull();
    }

    [Fact]
    public async Task The_header_says_dimension_and_step()
    {
        await Write(Record(step: 7), null);

        var blob = await folder.Open().Read(CheckpointGrainStorage.NameOf(State, Grain), 0);

        CheckpointFormat.TryOpen(blob!.Content, out var header, out _, out _).ShouldBeTrue();
        header.ShouldBe(new CheckpointHeader(Dimension: 3, Step: 7));
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_cannot_write()
    {
        var known = await Write(Record(step: 1), null);
        await Write(Record(step: 2), known);

        await Should.ThrowAsync<InconsistentStateException>(() => Write(Record(step: 3), known));
        await Should.ThrowAsync<InconsistentStateException>(() => Write(Record(step: 3), null));
        await Should.ThrowAsync<InconsistentStateException>(() => Storage().ClearStateAsync(State, Grain, new GrainState<ModelRecord>(new(), known)));
        (await Read()).State.Step.ShouldBe(2);
    }

    [Theory]
    [InlineData("cut to nothing")]
    [InlineData("cut in the header")]
    [InlineData("cut in the payload")]
    [InlineData("a bit flipped in the header")]
    [InlineData("a bit flipped in the payload")]
    [InlineData("lost")]
    public async Task A_damaged_checkpoint_falls_back_to_the_one_before_and_says_so(string damage)
    {
        await Write(Record(step: 2), await Write(Record(step: 1), null));
        Damage(Newest, damage);

        var read = await Read();

        read.State.Step.ShouldBe(1);
        read.State.VersionsLost.ShouldBe(1, "the model begins a new generation then");
        errors.Lines.ShouldContain(message => message.StartsWith("FELL BACK") && message.Contains("step 1"));

        // The good one is safe from now on: it is there again after the next write, and nobody is told twice.
        errors.Lines.Clear();
        await Write(Record(step: 2), read.ETag);
        Damage(Newest, "a bit flipped in the payload");
        (await Read()).State.Step.ShouldBe(1);
        (await Read()).State.Step.ShouldBe(1);
        errors.Lines.Count(message => message.StartsWith("FELL BACK")).ShouldBe(1);
    }

    [Fact]
    public async Task A_flip_of_any_bit_is_noticed()
    {
        await Write(Record(step: 1), null);
        var blob = (await folder.Open().Read(CheckpointGrainStorage.NameOf(State, Grain), 0))!.Content.ToArray();

        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
            CheckpointFormat.TryOpen(blob, out _, out _, out var problem).ShouldBeFalse($"bit {bit}");
            problem.ShouldNotBeEmpty();
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task A_state_that_a_grain_cannot_do_without_is_refused_if_all_versions_are_damaged()
    {
        await Write(Record(step: 2), await Write(Record(step: 1), null));
        Damage(Newest, "a bit flipped in the payload");
        Damage(Newest + ".1", "cut in the payload");

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failure = await Should.ThrowAsync<OrleansException>(Read);
            failure.Message.ShouldBe("model/model%2Flenet5: all its 2 versions are damaged (from the newest: its checksum does not match; its payload has 24 bytes, not 54). Bring one back from a backup");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_state_that_a_grain_can_do_without_begins_again_and_is_replaced_by_the_next_write(int versions)
    {
        var name = CheckpointGrainStorage.NameOf("history", Grain);
        var path = folder.Open().PathOf(name);
        var written = await WriteHistory(learningRate: 1, null);
        if (versions == 2) await WriteHistory(learningRate: 2, written);
        Damage(path, "a bit flipped in the payload");
        if (versions == 2) Damage(path + ".1", "cut to nothing");

        var read = await ReadHistory();

        read.RecordExists.ShouldBeFalse();
        read.State!.LearningRate.ShouldBe(double.NaN);
        var damage = read.State.Damage.ShouldNotBeNull();
        damage.ShouldStartWith($"{name}: {(versions == 1 ? "its only version is damaged" : "all its 2 versions are damaged")} (");
        errors.Lines.ShouldContain($"DAMAGED STATE {damage}. Its grain goes on without it; the next write replaces it");

        await WriteHistory(learningRate: 3, read.ETag);
        (await ReadHistory()).State!.LearningRate.ShouldBe(3);
        (await ReadHistory()).State!.Damage.ShouldBeNull();
    }

    [Fact]
    public async Task What_fails_in_the_store_is_told_in_one_sentence()
    {
        var blobs = new Hosting.FailingBlobs();
        blobs.Fail("model/");
        var storage = ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, (IBlobStore)blobs);

        var failure = await Should.ThrowAsync<OrleansException>(() => storage.WriteStateAsync(State, Grain, new GrainState<ModelRecord>(Record(step: 1))));

        failure.Message.ShouldBe("model/model%2Flenet5 cannot be written: model/model%2Flenet5 cannot be written");
        failure.InnerException.ShouldBeOfType<IOException>();
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_can_be_written_anew()
    {
        var eTag = await Write(Record(step: 2), await Write(Record(step: 1), null));
        var cleared = new GrainState<ModelRecord>(Record(step: 2), eTag) { RecordExists = true };

        await Storage().ClearStateAsync(State, Grain, cleared);

        (cleared.ETag, cleared.RecordExists, cleared.State!.Parameters).ShouldBe((null, false, null));
        (await Read()).RecordExists.ShouldBeFalse();
        await Write(Record(step: 9), null);
        (await Read()).State.Step.ShouldBe(9);
    }

    [Theory]
    [InlineData("job")]
    [InlineData("job.1")]
    [InlineData("job.tmp")]
    [InlineData("../../job")]
    [InlineData("C:\\job")]
    [InlineData(".")]
    public async Task Names_stay_apart_and_inside_the_directory(string key)
    {
        var id = GrainId.Create("model", key);
        await Write(Record(step: 2), await Write(Record(step: 1), null, GrainId.Create("model", "job.1.1")), GrainId.Create("model", "job.1.1"));

        await Write(Record(step: 3), null, id);

        (await Read(id)).State.Step.ShouldBe(3);
        (await Read(GrainId.Create("model", "job.1.1"))).State.Step.ShouldBe(2);
        folder.Files().ShouldAllBe(file => Path.GetDirectoryName(file) == State);
    }

    [Fact]
    public async Task The_time_a_quarter_of_a_megabyte_takes_is_shown()
    {
        const int Writes = 20;
        var record = new ModelRecord { Parameters = ParameterVector.Zeros(62_500), Version = new ModelVersion(0, 1) };
        var eTag = await Write(record, null);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Writes; i++) eTag = await Write(record, eTag);
        output.WriteLine($"writing a state of 250 KB: {clock.Elapsed.TotalMilliseconds / Writes:F2} ms");

        new FileInfo(Newest).Length.ShouldBeInRange(250_000, 251_000);
    }

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }

    private static ModelRecord Record(long step) => new()
    {
        Version = new ModelVersion(0, step),
        Parameters = ParameterVector.CopyOf([step, step, step]),
        LastApplied = [4, 5],
    };

    private static void Damage(string path, string how)
    {
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        switch (how)
        {
            case "cut to nothing": bytes = []; break;
            case "cut in the header": bytes = bytes[..20]; break;
            case "cut in the payload": bytes = bytes[..^30]; break;
            case "a bit flipped in the header": bytes[17] ^= 4; break;
            case "a bit flipped in the payload": bytes[^30] ^= 1; break;
            case "lost": return;
        }

        File.WriteAllBytes(path, bytes);
    }

    private CheckpointGrainStorage Storage() => ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(services, folder.Open());

    private async Task<string?> Write(ModelRecord record, string? eTag, GrainId? grain = null)
    {
        var state = new GrainState<ModelRecord>(record, eTag);
        await Storage().WriteStateAsync(State, grain ?? Grain, state);
        return state.ETag;
    }

    private async Task<string?> WriteHistory(double learningRate, string? eTag)
    {
        var state = new GrainState<HistoryRecord>(new HistoryRecord { LearningRate = learningRate }, eTag);
        await Storage().WriteStateAsync("history", Grain, state);
        return state.ETag;
    }

    private async Task<GrainState<HistoryRecord>> ReadHistory()
    {
        var state = new GrainState<HistoryRecord>();
        await Storage().ReadStateAsync("history", Grain, state);
        return state;
    }

    private Task<Stored> Read() => Read(Grain);

    private async Task<Stored> Read(GrainId grain)
    {
        var state = new GrainState<ModelRecord>();
        await Storage().ReadStateAsync(State, grain, state);
        return new Stored(state.State!, state.ETag, state.RecordExists);
    }

    private sealed record Stored(ModelRecord State, string? ETag, bool RecordExists);
}
