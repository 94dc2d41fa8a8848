using Basgd.Grains;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Basgd.Silo.Storage;

/// <summary>Grain state as checksummed blobs. A damaged newest version falls back to the one before it, loudly.</summary>
public sealed partial class CheckpointGrainStorage(
    IBlobStore blobs,
    Serializer serializer,
    IActivatorProvider activators,
    ILogger<CheckpointGrainStorage> logger) : IGrainStorage
{
    /// <summary>
    /// Where the state of a grain lies: <c>stateName/grainId</c>, safe for any file system. Dots are escaped, too, so that no
    /// grain's name is another's with the suffix of an older version.
    /// </summary>
    public static string NameOf(string stateName, GrainId grainId) => $"{Escape(stateName)}/{Escape(grainId.ToString()!)}";

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">There are versions, but none of them is whole.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        List<string> problems = [];
        string? newest = null;
        for (var back = 0; back < blobs.VersionsKept; back++)
        {
            var blob = await blobs.Read(name, back);
            if (back == 0) newest = blob?.ETag;
            if (blob is null) continue;
            if (!CheckpointFormat.TryOpen(blob.Content, out var header, out var payload, out var problem))
            {
                LogDamaged(name, back, problem);
                problems.Add(problem);
                continue;
            }

            var eTag = blob.ETag;
            if (back > 0)
            {
                await Guarded(newest, async () => eTag = await blobs.FallBack(name, back, newest));
                LogFellBack(name, back, header.Step);
            }

            grainState.State = serializer.Deserialize<T>(payload);
            if (grainState.State is ICheckpoint checkpoint) checkpoint.VersionsLost = back;
            grainState.ETag = eTag;
            grainState.RecordExists = true;
            return;
        }

        if (problems.Count > 0) throw new InvalidDataException($"{name}: none of its {problems.Count} versions is whole (from the newest: {string.Join("; ", problems)})");
        Reset(grainState);
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        var header = grainState.State is ICheckpoint checkpoint ? new CheckpointHeader(checkpoint.Dimension, checkpoint.Step) : default;
        using var written = new CheckpointWriter();
        var head = written.GetMemory(CheckpointFormat.HeaderBytes)[..CheckpointFormat.HeaderBytes];
        written.Advance(CheckpointFormat.HeaderBytes);
        serializer.Serialize(grainState.State, written);
        var content = written.Written;

        // The state is taken, its vectors never change: hashing and the disk need not keep the grain's scheduler busy.
        var eTag = grainState.ETag;
        await Guarded(eTag, () => Task.Run(async () =>
        {
            CheckpointFormat.Seal(head.Span, content.Slice(CheckpointFormat.HeaderBytes), header);
            eTag = await blobs.Write(name, content, eTag);
        }));
        grainState.ETag = eTag;
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Guarded(grainState.ETag, () => blobs.Delete(NameOf(stateName, grainId), grainState.ETag));
        Reset(grainState);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace(".", "%2E", StringComparison.Ordinal);

    private void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = activators.GetActivator<T>().Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static async Task Guarded(string? eTag, Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (BlobConflictException conflict)
        {
            throw new InconsistentStateException(conflict.Message, conflict.Found ?? "", eTag ?? "", conflict);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "DAMAGED CHECKPOINT {Name}, {Back} versions from the newest: {Problem}")]
    private partial void LogDamaged(string name, int back, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "FELL BACK to an older checkpoint of {Name}, {Back} versions from the newest: it goes on at step {Step}")]
    private partial void LogFellBack(string name, int back, long step);
}
