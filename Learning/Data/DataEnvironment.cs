using System.Diagnostics;

namespace Basgd.Learning.Data;

/// <summary>What of the machine the search for data touches; replaced in tests.</summary>
internal sealed record DataEnvironment
{
    public string? Variable { get; init; } = Environment.GetEnvironmentVariable("BASGD_DATA");

    public string Cache { get; init; } = UserCache();

    public string SystemDirectory { get; init; } = "/usr/share";

    public Func<TimeSpan, HttpMessageHandler> Http { get; init; } = timeout => new SocketsHttpHandler { ConnectTimeout = timeout };

    public Func<string, string[], string, Task<ProcessResult>> Run { get; init; } = RunProcess;

    public bool HasDebianPackages { get; init; } = OperatingSystem.IsLinux() && File.Exists("/usr/bin/apt-get") && File.Exists("/usr/bin/dpkg-deb");

    private static string UserCache()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(xdg)) return Path.Combine(xdg, "basgd");
        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "basgd")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "basgd");
    }

    private static async Task<ProcessResult> RunProcess(string file, string[] arguments, string directory)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return new ProcessResult(process.ExitCode, (await error).Trim());
    }
}

internal sealed record ProcessResult(int ExitCode, string Error);
