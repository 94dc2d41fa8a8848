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
    /// <exception cref="OrleansException">The store cannot be read. Or there are versions, none of them is whole, and the grain cannot do without.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        return Explained(name, "read", () => Read(name, grainState));
    }

    private async Task Read<T>(string name, IGrainState<T> grainState)
    {
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

        var damage = problems.Count switch
        {
            0 => null,
            1 => $"{name}: its only version is damaged ({problems[0]})",
            _ => $"{name}: all its {problems.Count} versions are damaged (from the newest: {string.Join("; ", problems)})",
        };
        Reset(grainState);
        if (damage is null) return;
        if (grainState.State is not IReplaceable fresh) throw new OrleansException($"{damage}. Bring one back from a backup");
        LogReplaced(damage);
        fresh.Damage = damage;
        grainState.ETag = newest;
    }

    /// <inheritdoc/>
    /// <exception cref="OrleansException">The store cannot be written.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        return Explained(name, "written", () => Write(name, grainState));
    }

    private async Task Write<T>(string name, IGrainState<T> grainState)
    {
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
    /// <exception cref="OrleansException">The store cannot be written.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        await Explained(name, "removed", () => Guarded(grainState.ETag, () => blobs.Delete(name, grainState.ETag)));
        Reset(grainState);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace(".", "%2E", StringComparison.Ordinal);

    private void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = activators.GetActivator<T>().Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    /// <summary>
    /// Says what failed in one sentence. Orleans wraps what storage throws, with a stack in the message, unless it is an exception of its
    /// own kind; and that type every silo and client knows, of whatever version.
    /// </summary>
    private static async Task Explained(string name, string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (failure is not (OrleansException or BlobTooLargeException))
        {
            throw new OrleansException($"{name} cannot be {what}: {failure.Message}", failure);
        }
        catch (BlobTooLargeException failure)
        {
            throw new OrleansException(failure.Message, failure);
        }
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

    [LoggerMessage(Level = LogLevel.Error, Message = "DAMAGED STATE {Damage}. Its grain goes on without it; the next write replaces it")]
    private partial void LogReplaced(string damage);

    [LoggerMessage(Level = LogLevel.Error, Message = "FELL BACK to an older checkpoint of {Name}, {Back} versions from the newest: it goes on at step {Step}")]
    private partial void LogFellBack(string name, int back, long step);
}
