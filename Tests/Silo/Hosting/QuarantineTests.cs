using Basgd.Contracts;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Quarantine in a whole silo: of the last of eight workers, which sends −10 g. They are dealt anew so often that who shares a buffer with it is cleared.</summary>
[Trait("category", "slow")]
public sealed class QuarantineTests : IDisposable
{
    private const int Attacker = 7;

    private static readonly JobSpec Spec = new()
    {
        Name = "confined",
        Model = "softmax",
        Dataset = "synthetic",
        Workers = 8,
        Buffers = 5,
        Byzantine = 1,
        Attack = "negative-gradient(k=10)",
        LearningRate = 0.01,
        Steps = 1_000_000,
        EvaluateEverySeconds = 0,
        QuarantineAfterRounds = 10,
        ReshuffleEverySteps = 10,
    };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(Durability.Step)]
    [InlineData(Durability.Acknowledged)]
    [InlineData(Durability.Interval)]
    public async Task AnAttackerIsRefusedThroughARestartUntilAnOperatorLiftsIt(Durability durability)
    {
        var spec = Spec with { Durability = durability };
        await using (var silo = await Start())
        {
            var job = await silo.Submit(spec);
            var taken = await silo.Until(job, static status => status.Quarantined.Count > 0);
            taken.Quarantined.ShouldBe([Attacker]);
            var seen = await silo.Until(job, status => status.Refused.GetValueOrDefault(Refusal.Quarantined) > 0 && status.Version.Step > taken.Version.Step + 10);
            seen.Quarantined.ShouldBe([Attacker]);
            seen.Reassignments.ShouldBe(0);
            (await job.GetWorkers()).Where(static worker => worker.IsQuarantined).Select(static worker => worker.Worker).ShouldBe([Attacker]);
        }

        await using (var silo = await Start())
        {
            var job = silo.Job(spec.EffectiveName);
            var status = await silo.Until(job, static status => status.Refused.GetValueOrDefault(Refusal.Quarantined) > 0);
            status.Quarantined.ShouldBe([Attacker]);

            // Paused, so that it is not taken again before anybody looks.
            await job.Pause();
            (await Refused(() => job.Lift(Attacker - 1))).ShouldBe("worker = 6: must be one in quarantine: 7");
            (await Refused(() => job.Lift(8))).ShouldBe("worker = 8: must be 0 … 7");
            await job.Lift(Attacker);
            var lifted = await job.GetStatus();
            lifted.Quarantined.ShouldBeEmpty();
            lifted.Suspicion[Attacker].ShouldBeLessThan(0.5);
            (await Refused(() => job.Lift(Attacker))).ShouldBe("worker = 7: must be one in quarantine: there is none");
            (await job.GetHistory(1_000)).Events.Where(static e => e.Kind == JobEventKind.Quarantine).Select(static e => e.Text).ShouldBe(["worker 7 was put in quarantine", "worker 7 was let out of quarantine"]);

            await job.Resume();
            await silo.Until(job, static s => s.Quarantined is [Attacker]);
            await job.Stop();
        }
    }

    /// <summary>Steps follow each other without a pause; lifting comes in between.</summary>
    [Fact]
    public async Task AWorkerOfARunningJobIsLiftedAndTakenAgain()
    {
        await using var silo = await Start();
        var job = await silo.Submit(Spec);
        for (var turn = 0; turn < 3; turn++)
        {
            await silo.Until(job, static status => status.Quarantined is [Attacker]);
            await job.Lift(Attacker);
        }

        await silo.Until(job, static status => status.Quarantined is [Attacker]);
        (await job.GetHistory(1_000)).Events.Count(static e => e.Text == "worker 7 was let out of quarantine").ShouldBe(3);
        await job.Stop();
    }

    [Fact]
    public async Task AJobThatMayQuarantineIsRefusedWhereNothingIsMeasured()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--Basgd:Job:DistancesEvery", "0");
        (await Refused(() => silo.Submit(Spec))).ShouldStartWith("quarantineAfterRounds = 10: must be left out where Basgd:Job:DistancesEvery = 0");
    }

    private static async Task<string> Refused(Func<Task> call) => (await Should.ThrowAsync<JobRefusedException>(call)).Message;

    private Task<RunningSilo> Start() => RunningSilo.Start("--state", directory.Path, "--slots", "8");
}
