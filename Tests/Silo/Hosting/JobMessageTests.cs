using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Learning;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Whatever keeps a job from its next step is in its message, in one line.</summary>
[Trait("category", "slow")]
public sealed class JobMessageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly FragileWorkload workload = new();
    private readonly FailingBlobs blobs = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_can_be_seen_at_submit_is_refused_there()
    {
        await using var silo = await Start();
        (await Should.ThrowAsync<JobRefusedException>(() => silo.Submit(Job("greedy") with { Batch = 1_001 }))).Message.ShouldBe("batch = 1001: must be <= 1000, the training examples of plane");
        workload.Damage = new WorkloadUnavailableException("plane cannot be read: x.gz is cut short.") { IsLasting = true };
        (await Should.ThrowAsync<JobRefusedException>(() => silo.Submit(Job("damaged")))).Message.ShouldBe("plane cannot be read: x.gz is cut short.");
        (await silo.Grains.GetGrain<IJobDirectoryGrain>(0).List()).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_says_why_workers_fail_until_one_succeeds()
    {
        await using var silo = await Start();
        workload.Failure = new InsufficientMemoryException("Too little memory.");
        var job = await silo.Submit(Job("short-of-memory"));

        var status = await silo.Until(job, static status => status.Message is not null);

        status.Message.ShouldBe($"out of memory: too little memory (silo {silo.Address}); trying again");
        status.Phase.ShouldBe(JobPhase.Running);
        workload.Failure = null;
        status = await silo.Until(job, static status => status.Version.Step > 10);
        (await silo.Until(job, static status => status.Message is null)).Phase.ShouldBe(JobPhase.Running);
    }

    [Fact]
    public async Task What_no_silo_can_mend_by_itself_fails_the_job_which_can_be_resumed_when_it_is_mended()
    {
        await using var silo = await Start();
        var job = await silo.Submit(Job("damaged"));
        await silo.Until(job, static status => status.Version.Step > 10);
        await job.Pause();
        await RunningSilo.Until(() => Task.FromResult(workload.Alive == 0));
        workload.Unavailable = new WorkloadUnavailableException("plane cannot be read: x.gz is cut short.") { IsLasting = true };
        await job.Resume();

        JobStatus? status = null;
        await RunningSilo.Until(async () => (status = await job.GetStatus()).Phase == JobPhase.Failed);

        status!.Message.ShouldNotBeNull().ShouldStartWith("plane cannot be read: x.gz is cut short (silo ");
        status.Version.Step.ShouldBeGreaterThan(10);
        workload.Unavailable = null;
        await job.Resume();
        (await silo.Until(job, static status => status.Phase == JobPhase.Running && status.Version.Step > 0)).Message.ShouldBeNull();
    }

    [Fact]
    public async Task A_model_that_cannot_be_made_is_said_and_fails_the_job()
    {
        await using var silo = await Start();
        workload.Unavailable = new WorkloadUnavailableException("plane cannot be read: x.gz is cut short.") { IsLasting = true };
        var job = await silo.Submit(Job("unmade"));
        (await job.GetStatus()).Message.ShouldBe("plane cannot be read: x.gz is cut short; trying again");

        await RunningSilo.Until(async () => (await job.GetStatus()).Phase == JobPhase.Failed);

        (await job.GetStatus()).Message.ShouldBe("plane cannot be read: x.gz is cut short. Mend it, then resume the job.");
    }

    [Fact]
    public async Task A_full_disk_is_said_in_one_line_until_there_is_room()
    {
        await using var silo = await Start();
        var job = await silo.Submit(Job("full"));
        await silo.Until(job, static status => status.Version.Step > 10);
        blobs.Fail("", new IOException("No space left on device", 28));

        var status = await silo.Until(job, static status => status.Message is not null);

        status.Message.ShouldBe($"storage is full (file, {Path.Combine(Path.GetFullPath(directory.Path), "grains")}): no space left on device; trying again");
        var refused = await Should.ThrowAsync<StorageFailedException>(job.Pause);
        refused.Message.ShouldNotContain('\n');
        refused.Cause.ShouldBe(StorageCause.Full);
        blobs.Mend();
        var before = status.Version.Step;
        await RunningSilo.Until(async () => (await job.GetStatus()) is { Message: null, Version.Step: var step } && step > before);
    }

    [Fact]
    public async Task A_model_that_cannot_be_read_is_said()
    {
        await using (var silo = await Start(isWatched: false))
        {
            var job = await silo.Submit(Job("torn"));
            await silo.Until(job, static status => status.Version.Step > 10);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(directory.Path, "grains", "model")))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            bytes[bytes.Length / 2] ^= 0xFF;
            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        }

        await using (var silo = await Start(isWatched: false))
        {
            var status = await silo.Job("torn").GetStatus();

            status.Message.ShouldNotBeNull().ShouldStartWith("model/model%2Ftorn: ");
            status.Message.ShouldNotContain('\n');
            status.Phase.ShouldBe(JobPhase.Running);
        }
    }

    [Fact]
    public async Task The_newest_evaluation_survives_a_crash()
    {
        EvaluationPoint point;
        await using (var silo = await Start())
        {
            var job = await silo.Submit(Job("judged"));
            await silo.Until(job, static status => status.Version.Step > 10);
            point = await job.Evaluate();
        }

        // Only the job's record counts, which is not written when a silo stops.
        await using (var silo = await Start()) (await silo.Job("judged").GetStatus()).LastEvaluation.ShouldBe(point);
    }

    private static JobSpec Job(string name) => LeastSquares.Job(name) with { Byzantine = 0, Attack = "none", Rule = "mean", Steps = 1_000_000 };

    /// <param name="isWatched">Whether grains store in <see cref="blobs"/>; else in files.</param>
    private Task<RunningSilo> Start(bool isWatched = true) => RunningSilo.Start(
        services =>
        {
            services.AddSingleton<IWorkload>(workload);
            if (isWatched) services.AddKeyedSingleton<IGrainStorage>(StorageExtensions.Unwatched, (provider, _) => ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(provider, blobs));
        },
        "--state", directory.Path, "--slots", "8", "--Basgd:Job:LeaseDuration=00:00:02");
}
