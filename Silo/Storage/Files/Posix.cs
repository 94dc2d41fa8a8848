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

/// <summary>A second name for a file, without copying it where the file system can.</summary>
internal static partial class FileLink
{
    /// <summary>Makes <paramref name="link"/> the same file as <paramref name="target"/>, in place of what was there: whoever is killed meanwhile leaves the one or the other.</summary>
    public static void Replace(string target, string link)
    {
        var made = link + ".link";
        File.Delete(made);

        // Some file systems have no hard links.
        if (OperatingSystem.IsWindows() || Link(target, made) != 0) File.Copy(target, made);
        File.Move(made, link, overwrite: true);

        // Two names of one file are not renamed onto each other.
        File.Delete(made);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string target, string link);
}
