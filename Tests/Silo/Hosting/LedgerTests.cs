using Basgd.Contracts;
using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A ledger in a whole silo: written segment by segment, through a restart, and replayed.</summary>
[Trait("category", "slow")]
public sealed class LedgerTests : IDisposable
{
    /// <summary>Ends a test that would hang; nothing is measured by it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly JobSpec Spec = new()
    {
        Name = "kept",
        Model = "linear",
        Dataset = "plane",
        Workers = 4,
        Buffers = 3,
        Byzantine = 1,
        Attack = "negative-gradient(k=10)",
        LearningRate = 0.02,
        EvaluateEverySeconds = 0,
        Ledger = true,
    };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(Durability.Step, 0)]
    [InlineData(Durability.Acknowledged, 0)]
    [InlineData(Durability.Step, 0.9)]
    public async Task EveryStepIsInItOnceAndGivesTheStoredBits(Durability durability, double momentum)
    {
        var spec = Spec with { Durability = durability, WorkerMomentum = momentum, Steps = (3 * LedgerSegment.Steps) + 10 };
        using var host = await Start();
        await Train(host, spec, restartAt: null);
        await ShouldHold(host, spec);
        await host.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(Durability.Acknowledged)]
    [InlineData(Durability.Interval)]
    public async Task ItGoesOnAfterARestart(Durability durability)
    {
        var spec = Spec with { Durability = durability, Steps = 4 * LedgerSegment.Steps };
        using (var first = await Start()) await Train(first, spec, restartAt: LedgerSegment.Steps + 20);
        using var second = await Start();
        await Train(second, spec, restartAt: null);
        await ShouldHold(second, spec);
        await second.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AJobWithoutOneSaysSo()
    {
        using var host = await Start();
        var spec = Spec with { Ledger = false, Steps = 3 };
        await Train(host, spec, restartAt: null);
        (await Should.ThrowAsync<JobRefusedException>(() => Job(host, spec).ReadLedger(0))).Message.ShouldContain("ledger: true");
        await host.StopAsync(CancellationToken.None);
    }

    private static ITrainingJobGrain Job(IHost host, JobSpec spec) => host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>(spec.EffectiveName);

    private static async Task Train(IHost host, JobSpec spec, long? restartAt)
    {
        var job = Job(host, spec);
        await job.Submit(spec);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await job.GetStatus() is var status && status.Phase != JobPhase.Completed && !(status.Version.Step >= restartAt))
        {
            status.Phase.ShouldBe(JobPhase.Running, status.Message);
            await look.WaitForNextTickAsync(patience.Token);
        }

        if (restartAt is not null) await host.StopAsync(CancellationToken.None);
    }

    private static async Task ShouldHold(IHost host, JobSpec spec)
    {
        var job = Job(host, spec);
        var audit = new LedgerAudit(spec);
        var newest = await job.ReadLedger(0);
        while (audit.Steps < spec.Steps)
        {
            var chunk = await job.ReadLedger(audit.Steps);
            chunk.Entries.ShouldNotBeEmpty();
            foreach (var entry in chunk.Entries) audit.Read(entry);
        }

        audit.End(newest.Version, newest.GradientsApplied);
        if (spec.Durability == Durability.Acknowledged) audit.Acknowledged(await job.GetHoldings());
        audit.Messages.ShouldBeEmpty();
        var replay = await job.Replay();
        replay.Obstacle.ShouldBeNull();
        replay.Difference.ShouldBeNull();
        replay.Gradients.ShouldBe(audit.Gradients);
    }

    private async Task<IHost> Start()
    {
        var host = SiloHost.Build(["--state", directory.Path, "--slots", "8"], services => services.AddWorkload<LeastSquares>());
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
