namespace Basgd.Contracts.Attaching;

/// <summary>The files themselves, with the locks of the operating system.</summary>
/// <param name="path">An existing directory.</param>
public sealed class SharedFolder(string path) : ISharedFolder
{
    /// <summary>EWOULDBLOCK of Linux and of macOS, and sharing and lock violation of Windows.</summary>
    private static readonly int[] Locked = [11, 35, unchecked((int)0x8007_0020), unchecked((int)0x8007_0021)];

    public string PathOf(string name) => Path.Combine(path, name);

    /// <inheritdoc/>
    public IDisposable? TryLock(string name, bool isTemporary = false)
    {
        MakeFolder(name);
        try
        {
            return new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, isTemporary ? FileOptions.DeleteOnClose : FileOptions.None);
        }
        catch (IOException failure) when (IsLock(failure))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool IsLocked(string name)
    {
        try
        {
            using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return false;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException failure) when (IsLock(failure))
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(PathOf(folder)).Select(file => $"{folder}/{Path.GetFileName(file)}")];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public string? Read(string name)
    {
        try
        {
            return File.ReadAllText(PathOf(name));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Write(string name, string text)
    {
        MakeFolder(name);
        var temporary = PathOf(name) + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, PathOf(name), overwrite: true);
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // Neither is the file.
        }
    }

    private static bool IsLock(IOException failure) => failure.GetType() == typeof(IOException) && Locked.Contains(failure.HResult);

    /// <summary>Not the directory itself: a state directory that was removed does not come back.</summary>
    private void MakeFolder(string name)
    {
        if (Path.GetDirectoryName(name) is { Length: > 0 } folder && Directory.Exists(path)) Directory.CreateDirectory(PathOf(folder));
    }
}
