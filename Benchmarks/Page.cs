using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;

namespace Basgd.Benchmarks;

/// <summary>A page of measured numbers, in docs/benchmarks.</summary>
internal static class Page
{
    /// <summary>Processor, cores, runtime, system, and how busy the machine was.</summary>
    public static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{HostEnvironmentInfo.GetCurrent().Cpu.Value?.ProcessorName?.Trim()}, {Environment.ProcessorCount} logical cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}; load average of the last minutes {Load}.");

    /// <summary>Writes the page.</summary>
    public static void Write(string name, FormattableString content)
    {
        File.WriteAllText(PathOf(name), content.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"wrote {PathOf(name)}");
    }

    /// <summary>Full path of a file in docs/benchmarks of the repository that this was built in.</summary>
    public static string PathOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Basgd.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("no Basgd.sln above the benchmarks");
        return Path.Combine(folder.CreateSubdirectory("docs/benchmarks").FullName, name);
    }

    private static string Load => File.Exists("/proc/loadavg") ? string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
