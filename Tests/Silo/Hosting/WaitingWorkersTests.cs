using Basgd.Contracts;
using Basgd.Grains;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Workers of a job that cannot make a step.</summary>
public sealed class WaitingWorkersTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>Two slots for three buffers: a worker gives its share, hears once that it is enough, and keeps its lease.</summary>
    [Fact]
    public async Task A_worker_that_gave_its_share_computes_nothing_until_the_round_ends()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--slots", "2", "--Basgd:Job:LeaseDuration=00:00:01");
        var job = await silo.Submit(LeastSquares.Job("waiting") with { Byzantine = 0, Attack = "none", MaxContributionsPerRound = 5, WorkerMomentum = 0.5 });
        var waiting = await silo.Until(job, static status => status.Refused.GetValueOrDefault(Refusal.TooMany) == 2);
        var expires = waiting.Leases.Max(static lease => lease.Expires);
        var later = await silo.Until(job, status => status.Leases.Count == 2 && status.Leases.All(lease => lease.Expires > expires + TimeSpan.FromSeconds(1)));
        later.Refused[Refusal.TooMany].ShouldBe(2);
        later.Buffers.Select(static buffer => buffer.Filled).ShouldBe([5, 5, 0]);
        later.Leases.Select(static lease => lease.Worker).ShouldBe([0, 1]);
        later.Message.ShouldNotBeNull().ShouldContain("buffers = 3: more than the 2 slots");

        silo.Services.GetRequiredService<WorkerCapacity>().Slots = 4;
        await silo.Until(job, static status => status.Phase == JobPhase.Completed);
    }

    /// <summary>All that is asked of it while the job waits, and nobody has to wait for it.</summary>
    [Fact]
    public async Task A_job_whose_workers_wait_is_paused_and_goes_on()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--slots", "2");
        var job = await silo.Submit(LeastSquares.Job("paused") with { MaxContributionsPerRound = 1 });
        await silo.Until(job, static status => status.Refused.GetValueOrDefault(Refusal.TooMany) == 2);
        await job.Pause();
        silo.Services.GetRequiredService<WorkerCapacity>().Slots = 4;
        await job.Resume();
        await silo.Until(job, static status => status.Phase == JobPhase.Completed);
    }
}
