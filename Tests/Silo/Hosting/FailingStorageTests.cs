using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A job whose record or whose line in the directory cannot be written for a while.</summary>
[Trait("category", "slow")]
public sealed class FailingStorageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly FailingBlobs blobs = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("job/")]
    [InlineData("directory/")]
    public async Task AJobThatCouldNotBeTakenIsTakenWhenItIsSubmittedAgain(string state)
    {
        await using var silo = await Start();
        var spec = LeastSquares.Job("again");
        blobs.Fail(state);
        await Should.ThrowAsync<OrleansException>(() => silo.Submit(spec));
        blobs.Mend();

        var job = await silo.Submit(spec);

        (await Listed(silo)).Select(static entry => entry.Name).ShouldBe(["again"]);
        await silo.Until(job, static status => status.Phase == JobPhase.Completed);
    }

    [Theory]
    [InlineData("job/")]
    [InlineData("directory/")]
    public async Task AJobThatWasTakenOnceItCouldBeIsThereAfterARestart(string state)
    {
        var spec = LeastSquares.Job("kept") with { Steps = 1_000_000 };
        await using (var silo = await Start())
        {
            blobs.Fail(state);
            await Should.ThrowAsync<OrleansException>(() => silo.Submit(spec));
            blobs.Mend();
            await silo.Submit(spec);
        }

        await using (var silo = await Start())
        {
            (await Listed(silo)).ShouldBe([new JobEntry("kept", JobPhase.Running)]);
            (await silo.Job("kept").GetStatus()).Spec.ShouldNotBeNull().Steps.ShouldBe(1_000_000);
        }
    }

    [Theory]
    [InlineData("job/")]
    [InlineData("directory/")]
    public async Task APhaseThatCouldNotBeStoredAtOnceIsStoredLater(string state)
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("ending"));
        blobs.Fail(state);
        await RunningSilo.Until(() => Task.FromResult(blobs.Failures > 0));
        blobs.Mend();

        await RunningSilo.Until(async () => (await Listed(silo)).SequenceEqual([new JobEntry("ending", JobPhase.Completed)]));

        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Completed);
    }

    private static Task<IReadOnlyList<JobEntry>> Listed(RunningSilo silo) => silo.Grains.GetGrain<IJobDirectoryGrain>(0).List();

    private Task<RunningSilo> Start() => RunningSilo.Start(
        services => services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, _) => ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(provider, blobs)),
        "--state", directory.Path, "--slots", "8");
}
