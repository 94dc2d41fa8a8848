using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Tests.Servers;

namespace Basgd.Browser.Tests;

/// <summary>A cluster of a server silo, which has the page, and two silos that compute, of which one can be lost.</summary>
internal sealed class LostSilo : IAsyncDisposable
{
    public const int Buffers = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly RedisServer redis = new();
    private readonly StateFolder state = new();
    private readonly List<SiloProcess> silos = [];

    public Uri Page => silos[0].Page!;

    public SiloProcess Server => silos[0];

    /// <summary>Six workers, three on each silo, none to spare.</summary>
    public static JobSpec Spec(string name) => new()
    {
        Name = name, Model = "softmax", Dataset = "synthetic", Workers = 6, Tolerate = 1, Buffers = Buffers, ShrinkBuffers = true,
        LearningRate = 0.05, Steps = 100_000_000, ReassignAfterSeconds = 2, EvaluateEverySeconds = 1,
    };

    public static async Task<LostSilo> Start(JobSpec spec)
    {
        var cluster = new LostSilo();
        try
        {
            await cluster.redis.InitializeAsync();
            await cluster.Add("server", [.. RunningJob.Arguments(), "--Basgd:Job:LeaseDuration=00:00:03"]);
            for (var i = 0; i < 2; i++) await cluster.Add("worker", ["--lanes", "1", "--slots", $"{spec.Workers / 2}"]);
            await cluster.Server.Job(spec.EffectiveName).Submit(spec);
            await cluster.Server.Until(spec.EffectiveName, status => status.Leases.Count == spec.Workers && status.Leases.DistinctBy(static lease => lease.Silo).Count() == 2, Limit);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task Lose() => silos[^1].Kill();

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos) await silo.DisposeAsync();
        await redis.DisposeAsync();
        state.Dispose();
    }

    private async Task Add(string role, IReadOnlyList<string> arguments) => silos.Add(await SiloProcess.Start(
        Path.Combine(state.Path, $"{silos.Count}"),
        ["--role", role, "--cluster", "redis", .. role == "server" ? (string[])["--storage", "redis"] : [], .. arguments],
        new Dictionary<string, string> { ["Basgd__Cluster__Connection"] = redis.Address, ["Basgd__Storage__Redis__Connection"] = redis.Address }));
}
