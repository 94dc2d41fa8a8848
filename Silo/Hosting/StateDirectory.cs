using System.Net;
using System.Text.Json;

namespace Basgd.Silo.Hosting;

/// <summary>The state directory, held by one silo at a time, and the file in it that tells clients how to reach that silo.</summary>
public sealed class StateDirectory : IDisposable
{
    private readonly FileStream hold;
    private readonly string announcement;

    private StateDirectory(string path, FileStream hold)
    {
        Path = path;
        this.hold = hold;
        announcement = System.IO.Path.Combine(path, "silo.json");
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <exception cref="StateDirectoryException">It cannot be written, or another silo holds it.</exception>
    public static StateDirectory Hold(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            var hold = new FileStream(System.IO.Path.Combine(full, "silo.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new StateDirectory(full, hold);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException($"State = {path}: must be a directory that can be written and that no other silo holds ({failure.Message})", failure);
        }
    }

    /// <summary>Tells clients on this machine how to reach the silo.</summary>
    /// <returns>What was written.</returns>
    /// <param name="page">Where the live page is; null where there is none.</param>
    public string Announce(IPEndPoint gateway, Uri? page)
    {
        var text = JsonSerializer.Serialize(new { pid = Environment.ProcessId, address = gateway.Address.ToString(), gateway = gateway.Port, page });
        var temporary = announcement + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, announcement, overwrite: true);
        return text;
    }

    public void Dispose()
    {
        File.Delete(announcement);
        hold.Dispose();
    }
}

/// <summary>The state directory cannot be used.</summary>
public sealed class StateDirectoryException(string message, Exception inner) : Exception(message, inner);
