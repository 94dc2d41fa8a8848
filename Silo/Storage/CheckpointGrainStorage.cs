using System.Buffers;
using Basgd.Grains;
using Orleans.Serialization;
using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>Grain state as checksummed blobs. A damaged newest version falls back to the one before it, loudly.</summary>
public sealed partial class CheckpointGrainStorage(
    IBlobStore blobs,
    int versions,
    Serializer serializer,
    ILogger<CheckpointGrainStorage> logger) : IGrainStorage
{
    /// <summary>Where the state of a grain lies: <c>stateName/grainId</c>, safe for any file system.</summary>
    public static string NameOf(string stateName, GrainId grainId) => $"{Uri.EscapeDataString(stateName)}/{Uri.EscapeDataString(grainId.ToString()!)}";

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        string? newest = null;
        var problem = "";
        for (var back = 0; back < versions; back++)
        {
            if (await blobs.Read(name, back) is not { } blob) continue;
            newest ??= blob.ETag;
            if (!CheckpointFormat.TryOpen(blob.Content, out var payload, out problem))
            {
                LogDamaged(name, back, problem);
                continue;
            }

            grainState.State = serializer.Deserialize<T>(payload);
            grainState.RecordExists = true;

            // The next write replaces the newest version, damaged or not.
            grainState.ETag = newest;
            return;
        }

        if (newest is not null) throw new InvalidDataException($"{name}: no version kept of it is whole; of the last {problem}");
        grainState.RecordExists = false;
        grainState.ETag = null;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        var checkpoint = grainState.State as ICheckpoint;
        using var block = new PooledWriter((checkpoint?.Dimension ?? 0) * sizeof(float));
        block.Advance(CheckpointFormat.HeaderBytes);
        serializer.Serialize(grainState.State, block);
        CheckpointFormat.Seal(block.Written.Span, checkpoint?.Dimension ?? 0, checkpoint?.Step ?? 0);
        grainState.ETag = await Guarded(grainState.ETag, () => blobs.Write(name, block.Written, grainState.ETag));
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Guarded(grainState.ETag, async () =>
        {
            await blobs.Delete(NameOf(stateName, grainId), grainState.ETag);
            return "";
        });
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static async Task<string> Guarded(string? eTag, Func<Task<string>> write)
    {
        try
        {
            return await write();
        }
        catch (BlobConflictException conflict)
        {
            throw new InconsistentStateException(conflict.Message, conflict.Found ?? "", eTag ?? "", conflict);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "DAMAGED CHECKPOINT {Name}, version {Back} from the newest: {Problem}; falling back to the one before it")]
    private partial void LogDamaged(string name, int back, string problem);

    /// <summary>Grows like <see cref="ArrayBufferWriter{T}"/>, in blocks from the shared pool.</summary>
    private sealed class PooledWriter(int expected) : IBufferWriter<byte>, IDisposable
    {
        private const int Slack = 4_096;
        private byte[] block = ArrayPool<byte>.Shared.Rent(expected + Slack);
        private int length;

        public Memory<byte> Written => block.AsMemory(0, length);

        public void Advance(int count) => length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (block.Length - length < Math.Max(sizeHint, 1)) Grow(sizeHint);
            return block.AsMemory(length);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Dispose() => ArrayPool<byte>.Shared.Return(block);

        private void Grow(int sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(2 * block.Length, length + sizeHint)));
            block.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(block);
            block = larger;
        }
    }
}
