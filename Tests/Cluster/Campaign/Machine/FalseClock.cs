using System.Globalization;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Lets a process take its clock for right while it is wrong: libfaketime, a package of Debian. What counts on from a start, as timers do, stays right.</summary>
internal sealed class FalseClock : IDisposable
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "faketime", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Select(static folder => Path.Combine(folder, "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    private readonly string file = Path.GetTempFileName();

    public FalseClock() => Set(TimeSpan.Zero);

    public static bool IsInstalled => Library is not null;

    /// <summary>Variables of the process that is to be fooled.</summary>
    public IReadOnlyDictionary<string, string> Environment => Library is null ? new Dictionary<string, string>() : new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

        // Or threads that wait for a time spin until it has come, two cores full of them.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>How far it is ahead from now on, or a second later.</summary>
    public void Set(TimeSpan ahead)
    {
        // Renamed into its place: half a number would be another.
        File.WriteAllText(file + ".new", ((long)ahead.TotalSeconds).ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Dispose() => File.Delete(file);
}
