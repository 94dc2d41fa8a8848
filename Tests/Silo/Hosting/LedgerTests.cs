using Basgd.Contracts;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A ledger in a whole silo: written segment by segment, through a restart, and replayed.</summary>
[Trait("category", "slow")]
public sealed class LedgerTests : IDisposable
{
    private static readonly JobSpec Spec = LeastSquares.Job("kept") with { LearningRate = 0.02, Ledger = true };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(Durability.Step, 0)]
    [InlineData(Durability.Acknowledged, 0)]
    [InlineData(Durability.Step, 0.9)]
    public async Task EveryStepIsInItOnceAndGivesTheStoredBits(Durability durability, double momentum)
    {
        var spec = Spec with { Durability = durability, WorkerMomentum = momentum, Steps = (3 * LedgerSegment.Steps) + 10 };
        await using var silo = await Start();
        await Train(silo, spec);
        await ShouldHold(silo, spec);
    }

    [Theory]
    [InlineData(Durability.Acknowledged)]
    [InlineData(Durability.Interval)]
    public async Task ItGoesOnAfterARestart(Durability durability)
    {
        var spec = Spec with { Durability = durability, Steps = 4 * LedgerSegment.Steps };
        await using (var first = await Start()) await Train(first, spec, until: LedgerSegment.Steps + 20);
        await using var second = await Start();
        await Train(second, spec);
        await ShouldHold(second, spec);
    }

    /// <summary>Gradients on their way are lost at each reshuffle, none that a buffer took and a step used; and nothing else is.</summary>
    [Fact]
    public async Task ItHoldsThroughReshufflesAndAMovedJobKeepsItsMapping()
    {
        var spec = Spec with { Steps = 200, ReshuffleEverySteps = 10 };
        await using (var first = await Start()) await Train(first, spec, until: 95);
        await using var second = await Start();
        await Train(second, spec);
        await ShouldHold(second, spec);
        var job = second.Job(spec.EffectiveName);
        (await job.GetStatus()).Reassignments.ShouldBe(0);
        (await job.ReadLedger(199)).Entries[^1].MappingEpoch.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task AJobWithoutOneSaysSo()
    {
        await using var silo = await Start();
        var spec = Spec with { Ledger = false, Steps = 3 };
        await Train(silo, spec);
        (await Should.ThrowAsync<JobRefusedException>(() => silo.Job(spec.EffectiveName).ReadLedger(0))).Message.ShouldContain("ledger: true");
    }

    /// <summary>Until the job is completed, or has come so far.</summary>
    private static async Task Train(RunningSilo silo, JobSpec spec, long? until = null)
    {
        await silo.Until(await silo.Submit(spec), status =>
        {
            if (status.Phase == JobPhase.Completed || status.Version.Step >= until) return true;
            status.Phase.ShouldBe(JobPhase.Running, status.Message);
            return false;
        });
    }

    private static async Task ShouldHold(RunningSilo silo, JobSpec spec)
    {
        var job = silo.Job(spec.EffectiveName);
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

    private Task<RunningSilo> Start() => RunningSilo.Start("--state", directory.Path, "--slots", "8");
}
