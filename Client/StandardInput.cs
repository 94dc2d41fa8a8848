namespace Basgd.Client;

/// <summary>
/// Whether this process was started without standard input (<c>&lt;&amp;-</c>). The runtime then gives file descriptor 0 to a pipe of its
/// own, to which nobody writes what we want: reading it waits for ever.
/// </summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    public static bool IsClosed()
    {
        try
        {
            if (!OperatingSystem.IsLinux() || Target("0") is not { } pipe || !pipe.StartsWith("pipe:", StringComparison.Ordinal)) return false;
            return Directory.GetFileSystemEntries(Descriptors).Select(static path => Path.GetFileName(path)).Any(descriptor => descriptor != "0" && Target(descriptor) == pipe && IsWritable(descriptor));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Target(string descriptor) => new FileInfo($"{Descriptors}/{descriptor}").LinkTarget;

    private static bool IsWritable(string descriptor)
    {
        try
        {
            const string Flags = "flags:";
            var flags = File.ReadLines($"/proc/self/fdinfo/{descriptor}").First(static line => line.StartsWith(Flags, StringComparison.Ordinal))[Flags.Length..].Trim();

            // Octal; the last digit is 0 for reading only.
            return flags[^1] is not '0' and not '4';
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
