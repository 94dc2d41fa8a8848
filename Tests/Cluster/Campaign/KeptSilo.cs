using System.Globalization;
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
    private readonly FalseClock clock = new();
    private readonly SmallDisk? disk;
    private readonly IReadOnlyDictionary<string, string> options;
    private readonly Network? network;
    private readonly int index;
    private readonly string role;
    private readonly Random random;
    private readonly List<Processes.Program> lives = [];
    private readonly Task keeping;
    private TaskCompletionSource ready = New();
    private TaskCompletionSource wanted = New();
    private volatile bool isOver;
    private volatile bool isAsked;

    /// <param name="index">Its place among the silos of the backend.</param>
    /// <param name="options">Of the silo, as environment variables.</param>
    public KeptSilo(Backend backend, int index, IReadOnlyDictionary<string, string> options, Random random)
    {
        (this.index, this.random) = (index, random);
        (role, network) = (backend.Roles[index], backend.Network);
        this.options = options;
        if (backend.HasSmallDisk) disk = SmallDisk.TryMount(state.Path);
        Gateway = FreePort();
        wanted.SetResult();
        keeping = Keep();
    }

    public string Role => role;

    /// <summary>What is run when it starts the next time.</summary>
    public string Program { get; set; } = Built.Silo;

    /// <summary>Its place among the silos of the backend.</summary>
    public int Index => index;

    public string State => state.Path;

    /// <summary>Its own; null where it could not be mounted.</summary>
    public SmallDisk? Disk => disk;

    public FalseClock Clock => clock;

    /// <summary>Whether it goes by <see cref="Clock"/> when it starts again.</summary>
    public bool HasFalseClock { get; set; }

    public int Gateway { get; }

    /// <summary>Memory that it has of the machine's, in bytes.</summary>
    public long ResidentBytes => Current.ResidentBytes;

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

    private Processes.Program Current
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

    /// <summary>
    /// To be called before the others are made to call this silo dead: it may end, and be started again, before anybody has heard
    /// of that.
    /// </summary>
    /// <returns>The port of the silo that runs, and a wait for its end, which begins when it is called.</returns>
    public (int SiloPort, Func<Task> Ended) ExpectEnd()
    {
        isAsked = true;
        ForgetReady();
        var program = Current;
        return (SiloPort, () => program.Ended(StartTime));
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
        if (CampaignOptions.Logs is { } logs) await Write(logs);
        clock.Dispose();
        disk?.Dispose();
        state.Dispose();
    }

    private async Task Keep()
    {
        do
        {
            isAsked = false;
            SiloPort = FreePort();
            var life = lives.Count + 1;
            var address = network?[index] ?? IPAddress.Loopback;
            var program = Processes.Program.Start(
                Program,
                ["--state", state.Path, "--role", role, "--address", $"{address}", "--gateway-port", $"{Gateway}", "--silo-port", $"{SiloPort}"],
                line => Take(life, line),
                HasFalseClock ? options.Concat(clock.Environment).ToDictionary() : options,
                network?.Through(index) ?? []);
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

    private async Task Write(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var life = 0; life < lives.Count; life++)
            await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Gateway}-{role}-{life + 1:D3}.log")), lives[life].Printed);
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
