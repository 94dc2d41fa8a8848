using System.Diagnostics;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>A file system in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 32;
    private readonly string folder;
    private readonly string filler;

    private SmallDisk(string folder) => (this.folder, filler) = (folder, Path.Combine(folder, "filler"));

    /// <returns>Null where this user may not mount.</returns>
    public static SmallDisk? TryMount(string folder) =>
        Command.Succeeds("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "basgd", folder) ? new SmallDisk(folder) : null;

    /// <summary>Takes all that is free, and what is given back meanwhile.</summary>
    public async Task Fill(TimeSpan duration)
    {
        var block = new byte[4096];
        await using (var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
            {
                try
                {
                    file.Write(block);
                }
                catch (IOException)
                {
                    await Task.Delay(5);
                }
            }
        }

        File.Delete(filler);
    }

    public void Dispose() => Command.Succeeds("umount", "--lazy", folder);
}
