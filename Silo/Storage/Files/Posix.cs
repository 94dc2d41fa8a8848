using System.Runtime.InteropServices;

namespace Basgd.Silo.Storage;

/// <summary>Makes a rename durable: on POSIX systems the directory must be flushed too. Elsewhere there is nothing to do.</summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0) throw new IOException($"{directory} cannot be opened to flush it (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"{directory} cannot be flushed (errno {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

/// <summary>Puts a file in the place of another without a moment in which neither is there.</summary>
internal static partial class FileSwap
{
    private const int WorkingDirectory = -100;
    private const uint Exchange = 2;

    /// <summary>
    /// Makes <paramref name="next"/> the file at <paramref name="path"/>, and what was there the one at <paramref name="before"/>.
    /// Whoever is killed meanwhile leaves the old or the new file at the path, whole, and never two names of one file: what damages
    /// one of them must not damage the other.
    /// </summary>
    public static void Replace(string next, string path, string before)
    {
        if (TryExchange(next, path))
        {
            File.Move(next, before, overwrite: true);
            return;
        }

        var copy = before + ".copy";
        File.Copy(path, copy, overwrite: true);
        File.Move(copy, before, overwrite: true);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>False where the system or the file system cannot.</summary>
    private static bool TryExchange(string one, string other)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Rename(WorkingDirectory, one, WorkingDirectory, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int directory, string path, int otherDirectory, string otherPath, uint flags);
}
