using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>A running program with everything it prints. Disposing kills it.</summary>
internal sealed partial class Program : IAsyncDisposable
{
    // As Linux numbers them.
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly Process process;
    private readonly List<string> standard = [];
    private readonly List<string> error = [];

    private Program(Process process, Action<string>? onLine)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(standard, line.Data, onLine);
        process.ErrorDataReceived += (_, line) => Take(error, line.Data, null);
    }

    private static readonly TimeSpan SayTime = TimeSpan.FromMinutes(1);

    public string StandardOutput => Joined(standard);

    public string StandardError => Joined(error);

    /// <summary>For failure messages.</summary>
    public string Printed => $"--- it printed:\n{Joined(standard)}\n--- and to stderr:\n{Joined(error)}";

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Memory that it has of the machine's, in bytes; 0 where it has ended.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
    }

    /// <param name="onLine">Sees each line of standard output.</param>
    /// <param name="environment">Variables besides this process's own.</param>
    /// <param name="through">A command that becomes the one behind it, with its arguments.</param>
    public static Program Start(string dll, IEnumerable<string> arguments, Action<string>? onLine = null, IReadOnlyDictionary<string, string>? environment = null, params IReadOnlyList<string> through) =>
        Start([.. through, "dotnet", dll, .. arguments], onLine, environment);

    /// <param name="command">A program on the path, and its arguments.</param>
    public static Program Start(IReadOnlyList<string> command, Action<string>? onLine = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1)) info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) info.Environment[name] = value;
        var program = new Program(new Process { StartInfo = info }, onLine);
        program.process.Start();
        Reaper.Watch(program.process.Id);
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits until it has printed this.</summary>
    /// <exception cref="TimeoutException">It has not, and ended or took too long.</exception>
    public async Task Says(string text)
    {
        for (var began = Stopwatch.GetTimestamp(); !Printed.Contains(text, StringComparison.Ordinal); await Task.Delay(TimeSpan.FromMilliseconds(50)))
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > SayTime) throw new TimeoutException($"it did not say {text}\n{Printed}");
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends.</summary>
    public void AskToEnd() => Send(process.Id, Terminate).ShouldBe(0);

    /// <summary>SIGSTOP: it hangs, with its connections open.</summary>
    public void Hang() => Send(process.Id, Stop).ShouldBe(0);

    /// <summary>SIGCONT: it goes on where it was.</summary>
    public void Revive() => Send(process.Id, Continue).ShouldBe(0);

    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> Ended(TimeSpan within)
    {
        try
        {
            using var limit = new CancellationTokenSource(within);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"it still runs after {within}\n{Printed}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        Reaper.Forget(process.Id);
        process.Dispose();
    }

    private static void Take(List<string> lines, string? line, Action<string>? onLine)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
        onLine?.Invoke(line);
    }

    private static string Joined(List<string> lines)
    {
        lock (lines) return string.Join('\n', lines);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
