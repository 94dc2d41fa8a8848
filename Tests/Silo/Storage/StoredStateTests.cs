using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Basgd.Silo.Tests.Storage;

/// <summary>
/// What an earlier version stored is read by this one: the files in Stored/1 were written by the first, byte for byte as they lie in
/// a storage. They are never written anew; a version that stores something else adds a folder of its own.
/// </summary>
public sealed class StoredStateTests : IDisposable
{
    private const int NewestVersion = 3;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new VectorAsList() }, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(static serializer => serializer.AddAssembly(typeof(ModelRecord).Assembly).AddAssembly(typeof(ModelVersion).Assembly))
        .BuildServiceProvider();

    public static TheoryData<int, string> Stored => [.. from version in Enumerable.Range(1, NewestVersion) from name in StoredExamples.Of(version).Keys select (version, name)];

    [Theory]
    [MemberData(nameof(Stored))]
    public void What_a_version_stored_is_read(int version, string name)
    {
        CheckpointFormat.TryOpen(File.ReadAllBytes(PathOf(version, name)), out _, out var payload, out var problem).ShouldBeTrue(problem);
        var expected = StoredExamples.Of(version)[name];
        Show(Serializer.Deserialize(payload, expected.GetType())!).ShouldBe(Show(expected));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Nothing_stored_is_known_by_a_name_that_a_compiler_made_up(int version, string name) =>
        Encoding.Latin1.GetString(File.ReadAllBytes(PathOf(version, name))).ShouldNotContain("<>", Case.Sensitive);

    /// <summary>For a new version: makes its folder.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        foreach (var (name, state) in StoredExamples.Of(NewestVersion))
        {
            var payload = new ArrayBufferWriter<byte>();
            Serializer.Serialize(state, payload, state.GetType());
            var block = new byte[CheckpointFormat.HeaderBytes + payload.WrittenCount];
            payload.WrittenSpan.CopyTo(block.AsSpan(CheckpointFormat.HeaderBytes));
            CheckpointFormat.Seal(block.AsSpan(0, CheckpointFormat.HeaderBytes), new ReadOnlySequence<byte>(payload.WrittenMemory), state is ICheckpoint checkpoint ? new CheckpointHeader(checkpoint.Dimension, checkpoint.Step) : default);
            var path = PathOf(NewestVersion, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.CreateNew);
            file.Write(block);
        }
    }

    public void Dispose() => services.Dispose();

    private ObjectSerializer Serializer => services.GetRequiredService<ObjectSerializer>();

    private static string Show(object state) => JsonSerializer.Serialize(state, state.GetType(), Json);

    private static string PathOf(int version, string name) => Repository.PathOf($"Tests/Silo/Storage/Stored/{version}/{name}.bin");

    private sealed class VectorAsList : JsonConverter<ParameterVector>
    {
        public override ParameterVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ParameterVector value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Span.ToArray(), options);
    }
}
