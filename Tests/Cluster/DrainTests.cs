using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests;

/// <summary>A silo that is asked to end leaves nothing behind that was done.</summary>
[Trait("category", "slow")]
public sealed class DrainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly JobSpec Endless = new() { Name = "endless", Dataset = "synthetic", Steps = 1_000_000 };

    [Fact]
    public async Task A_silo_asked_to_end_while_training_ends_well_and_the_next_goes_on()
    {
        using var state = new StateFolder();
        JobStatus before;
        await using (var silo = await SiloProcess.Start(state.Path))
        {
            await silo.Job(Endless.EffectiveName).Submit(Endless);
            before = await silo.Until(Endless.EffectiveName, static status => status.Version.Step >= 20, Limit);
            await silo.Drain();
        }

        await using var next = await SiloProcess.Start(state.Path);
        var found = await next.Job(Endless.EffectiveName).GetStatus();
        found.Version.Step.ShouldBeGreaterThanOrEqualTo(before.Version.Step);
        await next.Until(Endless.EffectiveName, status => status.Version.Step > found.Version.Step + 20, Limit);
    }

    [Fact]
    public async Task What_interval_durability_has_not_saved_yet_is_saved_by_draining()
    {
        using var state = new StateFolder();
        JobStatus seen;
        var spec = Endless with { Durability = Durability.Interval, CheckpointSteps = 1_000_000 };
        await using (var silo = await SiloProcess.Start(state.Path))
        {
            await silo.Job(spec.EffectiveName).Submit(spec);
            // No step is durable yet: the gradients that went into steps tell how far it is.
            seen = await silo.Until(spec.EffectiveName, static status => status.GradientsApplied >= 200, Limit);
            seen.Version.Step.ShouldBe(0);
            await silo.Drain();
        }

        await using var next = await SiloProcess.Start(state.Path);
        (await next.Job(spec.EffectiveName).GetStatus()).GradientsApplied.ShouldBeGreaterThanOrEqualTo(seen.GradientsApplied);
    }

    [Fact]
    public async Task A_paused_job_stays_paused_through_a_restart_until_it_is_resumed()
    {
        using var state = new StateFolder();
        JobStatus paused;
        await using (var silo = await SiloProcess.Start(state.Path))
        {
            await silo.Job(Endless.EffectiveName).Submit(Endless);
            await silo.Until(Endless.EffectiveName, static status => status.Version.Step >= 20, Limit);
            await silo.Job(Endless.EffectiveName).Pause();
            paused = await silo.Job(Endless.EffectiveName).GetStatus();
            paused.Phase.ShouldBe(JobPhase.Paused);
            paused.Leases.ShouldBeEmpty();
            await silo.Drain();
        }

        await using var next = await SiloProcess.Start(state.Path);
        var found = await next.Job(Endless.EffectiveName).GetStatus();
        found.Phase.ShouldBe(JobPhase.Paused);
        found.Version.ShouldBe(paused.Version);
        await next.Job(Endless.EffectiveName).Resume();
        await next.Until(Endless.EffectiveName, status => status.Version > paused.Version, Limit);
    }
}
