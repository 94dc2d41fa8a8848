using System.Security.Cryptography;

namespace Basgd.Learning.Data;

/// <summary>Files from their official source, each checked against its SHA-256.</summary>
internal static class Downloads
{
    private const int Block = 1 << 16;
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);

    public static async Task FetchAsync(FileSet set, string folder, DataOptions options)
    {
        using var client = new HttpClient(options.Environment.Http(options.ConnectTimeout)) { Timeout = _silence };
        List<string> failures = [];
        foreach (var source in set.Sources)
        {
            try
            {
                foreach (var file in Published(set)) await FetchAsync(client, new Uri(source, file.Name), Path.Combine(folder, file.Name), file, options);
                if (set.Archive is { } archive) await Archives.UnpackAsync(set, archive, folder);
                return;
            }
            catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException or FetchFailedException)
            {
                var reason = failed is OperationCanceledException ? $"no answer within {_silence.TotalSeconds:0} s" : failed.Message;
                failures.Add($"download from {source}: {reason}");
                options.Report($"{set.Name}: {failures[^1]}");
            }
        }
        throw new FetchFailedException(string.Join("; ", failures));
    }

    private static IReadOnlyList<DataFile> Published(FileSet set) => set.Archive is { } archive ? [new(archive.Name, archive.Sha256)] : set.Files;

    private static async Task FetchAsync(HttpClient client, Uri address, string path, DataFile file, DataOptions options)
    {
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var total = response.Content.Headers.ContentLength;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var source = await response.Content.ReadAsStreamAsync())
        await using (var target = File.Create(path))
        {
            var buffer = new byte[Block];
            var received = 0L;
            using var stalled = new CancellationTokenSource(_silence);
            for (int got; (got = await source.ReadAsync(buffer, stalled.Token)) > 0; stalled.CancelAfter(_silence))
            {
                hash.AppendData(buffer.AsSpan(0, got));
                await target.WriteAsync(buffer.AsMemory(0, got));
                options.Report($"downloading {file.Name}", received += got, total);
            }
        }
        var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (sum != file.Sha256) throw new FetchFailedException($"{file.Name} has SHA-256 {sum}, not {file.Sha256}");
    }
}
