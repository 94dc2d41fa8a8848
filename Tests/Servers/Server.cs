using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Basgd.Tests.Servers;

/// <summary>
/// A server of the operating system, on a loopback port of its own with its data in a temporary directory. It dies with this
/// process, however that ends: a shell between the two kills it when its own standard input closes.
/// </summary>
public abstract class Server : IAsyncLifetime
{
    /// <summary>Two servers that start at the same time may pick the same free port.</summary>
    private const int Attempts = 3;

    private const string Guard = """
        signal=$1
        shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        (read -r line <&3; kill -s "$signal" "$server"; kill -s CONT "$server") 2>/dev/null &
        wait "$server"
        kill $!
        """;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly List<string> printed = [];
    private Process? process;

    /// <summary>Password of the server's user; a new one for each server, so that a test can look for it where it must not be.</summary>
    public string Password { get; } = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('/', 'x').Replace('+', 'y');

    public int Port { get; private set; }

    /// <summary>For failure messages.</summary>
    public string Printed
    {
        get
        {
            lock (printed) return string.Join('\n', printed);
        }
    }

    /// <summary>Emptied at the end.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("basgd-server-").FullName;

    /// <summary>Part of the line that the server prints once it answers.</summary>
    protected abstract string ReadyLine { get; }

    public async ValueTask InitializeAsync()
    {
        await Prepare();
        for (var attempt = 1; !await Start(); attempt++)
            if (attempt == Attempts) throw new InvalidOperationException($"{GetType().Name} does not start. It printed:\n{Printed}");
    }

    /// <summary>Ends the server at once, as a crash would. Its data stays for <see cref="Restart"/>.</summary>
    public async Task Kill()
    {
        if (process is null) return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>SIGKILL to all its processes: connections end without a last word. Its data stays for <see cref="Restart"/>.</summary>
    public async Task Crash()
    {
        await Send("KILL", Own());
        await Kill();
    }

    /// <summary>Starts the server again, on the same port and data.</summary>
    public async Task Restart()
    {
        // A client that asks for the port while nobody listens can be given that very port for itself, until it notices.
        for (var attempt = 1; !await Start(Port); attempt++)
            if (attempt == Attempts) throw new InvalidOperationException($"{GetType().Name} does not start again. It printed:\n{Printed}");
    }

    /// <summary>SIGSTOP to all its processes: it hangs, with its connections open.</summary>
    public async Task Hang()
    {
        // The first ones first: what is stopped makes no more processes.
        await Send("STOP", Own().Where(id => ParentOf(id) == process!.Id));
        await Send("STOP", Own());
    }

    /// <summary>SIGCONT to all its processes.</summary>
    public Task Revive() => Send("CONT", Own());

    public async ValueTask DisposeAsync()
    {
        await Kill();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the server and all its processes without giving it time to tidy up.</summary>
    protected virtual string CrashSignal => "KILL";

    /// <summary>Runs a program to its end.</summary>
    internal static async Task Run(params string[] command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..]) info.ArgumentList.Add(argument);
        using var program = Process.Start(info)!;
        var output = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();
        if (program.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {program.ExitCode}:\n{string.Join('\n', await output)}");
    }

    /// <summary>What must be there before the first start.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>Program and arguments.</summary>
    protected abstract string[] Command(int port);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task Send(string signal, IEnumerable<int> processes) => Run(["/bin/sh", "-c", $"kill -s {signal} {string.Join(' ', processes)}"]);

    /// <summary>The server's processes, without the shells that guard it.</summary>
    private List<int> Own()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(id) is { } parent) parents[id] = parent;
        return [.. parents.Keys.Where(id => Ancestors(id).Contains(process!.Id) && NameOf(id) != "sh")];

        IEnumerable<int> Ancestors(int id)
        {
            while (parents.TryGetValue(id, out id)) yield return id;
        }
    }

    /// <returns>Null where there is no such process any more.</returns>
    private static int? ParentOf(int id) => int.TryParse(Field(id, "PPid"), out var parent) ? parent : null;

    private static string? NameOf(int id) => Field(id, "Name");

    private static string? Field(int id, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <returns>False where it ended before it answered.</returns>
    private async Task<bool> Start(int? port = null)
    {
        Port = port ?? FreePort();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var argument in (string[])["-c", Guard, "guard", CrashSignal, .. Command(Port)]) info.ArgumentList.Add(argument);
        var started = new Process { StartInfo = info };
        started.OutputDataReceived += (_, line) => Take(line.Data);
        started.ErrorDataReceived += (_, line) => Take(line.Data);
        started.Start();
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        process = started;

        var first = await Task.WhenAny(ready.Task, started.WaitForExitAsync()).WaitAsync(StartTimeout);
        if (first == ready.Task) return true;
        await Kill();
        return false;

        void Take(string? line)
        {
            if (line is null) return;
            lock (printed) printed.Add(line);
            if (line.Contains(ReadyLine, StringComparison.Ordinal)) ready.TrySetResult();
        }
    }
}
