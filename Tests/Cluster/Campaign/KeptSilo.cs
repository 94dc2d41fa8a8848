using System.Net;
using System.Net.Sockets;
using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>
/// A silo that is started again whenever it ends, as a service manager does: on the same gateway and state directory, on another
/// port for silos, so that nobody takes it for the one before.
/// </summary>
internal sealed class KeptSilo : IAsyncDisposable
{
    /// <summary>Below the ports that systems give to outgoing connections: nobody takes one while its silo is down.</summary>
    private const int FirstPort = 12_000;
    private const int Ports = 20_000;
    private const int Told = 40;
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(1);

    private readonly StateFolder state = new();
    private readonly IReadOnlyDictionary<string, string> options;
    private readonly string role;
    private readonly Random random;
    private readonly List<Program> lives = [];
    private readonly Task keeping;
    private TaskCompletionSource ready = New();
    private TaskCompletionSource wanted = New();
    private volatile bool isOver;
    private volatile bool isAsked;

    public KeptSilo(string role, IReadOnlyDictionary<string, string> options, Random random)
    {
        (this.role, this.options, this.random) = (role, options, random);
        Gateway = FreePort();
        wanted.SetResult();
        keeping = Keep();
    }

    public string Role => role;

    public string State => state.Path;

    public bool HoldsState => role != "worker";

    public int Gateway { get; }

    /// <summary>Of the silo that runs, or ran last.</summary>
    public int SiloPort { get; private set; }

    /// <summary>Exit codes where nobody had ended it.</summary>
    public List<int> EndedItself { get; } = [];

    /// <summary>The last lines of each life, for failure messages.</summary>
    public string Printed
    {
        get
        {
            lock (lives) return string.Join('\n', lives.Select((life, i) => $"=== {role}, life {i + 1}:\n{string.Join('\n', life.Printed.Split('\n').TakeLast(Told))}"));
        }
    }

    private Program Current
    {
        get
        {
            lock (lives) return lives[^1];
        }
    }

    /// <summary>Waits until it takes clients.</summary>
    public async Task WhenReady()
    {
        try
        {
            await Volatile.Read(ref ready).Task.WaitAsync(StartTime);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the silo was not ready within {StartTime}\n{Printed}");
        }
    }

    /// <summary>Once it ends it stays so until <see cref="Release"/>.</summary>
    public void Hold() => wanted = New();

    public void Release() => wanted.TrySetResult();

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        isAsked = true;
        ForgetReady();
        await Current.Kill();
    }

    public void Hang() => Current.Hang();

    /// <summary>It may have ended meanwhile.</summary>
    public void Revive()
    {
        if (!Current.HasExited) Current.Revive();
    }

    /// <summary>Waits for the end of a silo that the others call dead; it is started again.</summary>
    public async Task Ended()
    {
        isAsked = true;
        ForgetReady();
        await Current.Ended(StartTime);
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task Drain()
    {
        await WhenReady();
        isAsked = true;
        ForgetReady();
        var program = Current;
        program.AskToEnd();
        (await program.Ended(DrainTime)).ShouldBe(0, program.Printed);
    }

    public async ValueTask DisposeAsync()
    {
        isOver = true;
        Release();
        var kept = keeping;
        while (!kept.IsCompleted)
        {
            await Current.Kill();
            await Task.WhenAny(kept, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        await kept;
        foreach (var life in lives) await life.DisposeAsync();
        state.Dispose();
    }

    private async Task Keep()
    {
        do
        {
            isAsked = false;
            SiloPort = FreePort();
            var life = lives.Count + 1;
            var program = Program.Start(Built.Silo, ["--state", state.Path, "--role", role, "--gateway-port", $"{Gateway}", "--silo-port", $"{SiloPort}", "--exit-with-stdin"], line => Take(life, line), options);
            lock (lives) lives.Add(program);
            var code = await program.Ended(Timeout.InfiniteTimeSpan);
            if (!isAsked && !isOver)
            {
                ForgetReady();
                EndedItself.Add(code);
            }

            await wanted.Task;
        }
        while (!isOver);

        void Take(int life, string line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal) && life >= lives.Count && !isAsked) Volatile.Read(ref ready).TrySetResult();
        }
    }

    private void ForgetReady()
    {
        if (Volatile.Read(ref ready).Task.IsCompleted) Volatile.Write(ref ready, New());
    }

    private int FreePort()
    {
        while (true)
        {
            int port;
            lock (random) port = FirstPort + random.Next(Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
