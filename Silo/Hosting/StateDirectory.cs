using Basgd.Contracts.Attaching;

namespace Basgd.Silo.Hosting;

/// <summary>The state directory, held by one silo at a time, and the file in it that tells clients how to reach that silo.</summary>
public sealed class StateDirectory : IDisposable
{
    private readonly IDisposable hold;

    private StateDirectory(string path, StateShare share, IDisposable hold)
    {
        Path = path;
        Share = share;
        this.hold = hold;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>What it shares with clients.</summary>
    public StateShare Share { get; }

    /// <exception cref="StateDirectoryException">It cannot be written, or another silo holds it.</exception>
    public static StateDirectory Hold(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            var share = new StateShare(new SharedFolder(full), TimeProvider.System);
            return share.Hold(CancellationToken.None).GetAwaiter().GetResult() is { } hold
                ? new StateDirectory(full, share, hold)
                : throw new StateDirectoryException($"State = {path}: must be a directory that no other silo holds") { IsHeld = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException($"State = {path}: must be a directory that can be written ({failure.Message})", failure);
        }
    }

    public void Dispose()
    {
        try
        {
            Share.Withdraw();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // An announcement counts only while the directory is held.
        }

        hold.Dispose();
    }
}

/// <summary>The state directory cannot be used.</summary>
public sealed class StateDirectoryException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether that is because another silo uses it.</summary>
    public bool IsHeld { get; init; }
}
