using System.Buffers;
using System.Net;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Basgd.Silo.Storage;

/// <summary>
/// Blobs in Azure Blob Storage, laid out as by Orleans' own provider: the newest version of <c>state/grain</c> is the blob
/// <c>state-grain.json</c>, and an empty blob is a cleared one. Older versions are its snapshots; a damaged one that had to give
/// way is <c>state-grain.json.damaged</c>. The service compares the ETags.
/// </summary>
public sealed class AzureBlobStore(BlobContainerClient container, int versionsKept) : IBlobStore
{
    /// <inheritdoc/>
    public int VersionsKept => versionsKept;

    /// <summary>
    /// The name of the blob. All but the slash stays escaped, so that no grain's name has a segment of dots, which addresses
    /// do not keep.
    /// </summary>
    public static string PathOf(string name) =>
        name.Split('/', 2) is [var state, var grain] ? $"{state}-{grain.Replace("%2F", "/", StringComparison.Ordinal)}.json" : $"{name}.json";

    /// <inheritdoc/>
    public async Task<Blob?> Read(string name, int back)
    {
        var blob = container.GetBlobClient(PathOf(name));
        try
        {
            if (back > 0)
            {
                var snapshots = await Snapshots(blob);
                if (snapshots.Count < back) return null;
                blob = blob.WithSnapshot(snapshots[back - 1]);
            }

            var answer = (await blob.DownloadContentAsync()).Value;
            return answer.Details.ContentLength == 0 && back == 0 ? null : new Blob(answer.Content.ToMemory(), answer.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        var blob = container.GetBlobClient(PathOf(name));
        if (eTag is null) return await Guarded(name, blob, null, () => Create(blob, content));

        return await Guarded(name, blob, eTag, async () =>
        {
            if (versionsKept > 1) await blob.CreateSnapshotAsync(conditions: Is(eTag));
            var next = await Upload(blob, content, Is(eTag));
            foreach (var old in (await Snapshots(blob)).Skip(versionsKept - 1)) await blob.WithSnapshot(old).DeleteIfExistsAsync();
            return next;
        });
    }

    /// <inheritdoc/>
    public async Task<string> FallBack(string name, int back, string? eTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(back, 1);
        var blob = container.GetBlobClient(PathOf(name));
        return await Guarded(name, blob, eTag, async () =>
        {
            var snapshots = await Snapshots(blob);
            var good = new ReadOnlySequence<byte>((await blob.WithSnapshot(snapshots[back - 1]).DownloadContentAsync()).Value.Content.ToMemory());
            if (eTag is not null)
            {
                var damaged = new ReadOnlySequence<byte>((await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = Is(eTag) })).Value.Content.ToMemory());
                await Upload(container.GetBlobClient(blob.Name + ".damaged"), damaged, null);
            }

            var next = await Upload(blob, good, eTag is null ? IsNot : Is(eTag));
            foreach (var newer in snapshots.Take(back)) await blob.WithSnapshot(newer).DeleteIfExistsAsync();
            return next;
        });
    }

    /// <inheritdoc/>
    public async Task Delete(string name, string? eTag)
    {
        if (eTag is null && await Read(name, 0) is null) return;
        var blob = container.GetBlobClient(PathOf(name));
        await Guarded(name, blob, eTag, async () =>
        {
            await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, eTag is null ? IsNot : Is(eTag));
            await container.GetBlobClient(blob.Name + ".damaged").DeleteIfExistsAsync();
            return "";
        });
    }

    private static BlobRequestConditions IsNot => new() { IfNoneMatch = ETag.All };

    private static BlobRequestConditions Is(string eTag) => new() { IfMatch = new ETag(eTag) };

    private static async Task<string> Upload(BlobClient blob, ReadOnlySequence<byte> content, BlobRequestConditions? conditions)
    {
        var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" } };
        await using var stream = new SequenceStream(content);
        return (await blob.UploadAsync(stream, options)).Value.ETag.ToString();
    }

    /// <summary>The first version, in a container that may have to be made, in place of nothing or of a cleared blob.</summary>
    private async Task<string> Create(BlobClient blob, ReadOnlySequence<byte> content)
    {
        try
        {
            return await Upload(blob, content, IsNot);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync();
            return await Upload(blob, content, IsNot);
        }
        catch (RequestFailedException taken) when (taken.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            var there = (await blob.GetPropertiesAsync()).Value;
            if (there.ContentLength > 0) throw;
            return await Upload(blob, content, Is(there.ETag.ToString()));
        }
    }

    /// <summary>The newest first.</summary>
    private async Task<IReadOnlyList<string>> Snapshots(BlobClient blob)
    {
        List<string> found = [];
        await foreach (var item in container.GetBlobsAsync(BlobTraits.None, BlobStates.Snapshots, blob.Name, default))
            if (item.Name == blob.Name && item.Snapshot is { } snapshot) found.Add(snapshot);
        return [.. found.OrderDescending(StringComparer.Ordinal)];
    }

    private static async Task<T> Guarded<T>(string name, BlobClient blob, string? eTag, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (RequestFailedException refused) when ((HttpStatusCode)refused.Status is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new BlobConflictException(name, eTag, await Find(blob));
        }
    }

    private static async Task<string?> Find(BlobClient blob)
    {
        try
        {
            return (await blob.GetPropertiesAsync()).Value.ETag.ToString();
        }
        catch (RequestFailedException missing) when (missing.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
