using Basgd.Contracts;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Every stored version of one state is noise when the silo starts again.</summary>
[Trait("category", "slow")]
public sealed class DamagedStateTests : IDisposable
{
    private static readonly JobSpec Endless = LeastSquares.Job("damaged") with { Steps = 1_000_000, Ledger = true };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_job_goes_on_without_its_history()
    {
        var before = await TrainAndDamage("history");

        await using var silo = await Start();
        var job = silo.Job(Endless.EffectiveName);
        var status = await silo.Until(job, status => status.Version.Step > before.Version.Step);

        status.Version.Generation.ShouldBe(before.Version.Generation);
        (await job.GetHistory(100)).Points.ShouldAllBe(point => point.Step >= before.Version.Step);
        await job.Pause();
        File.ReadAllBytes(Directory.GetFiles(Folder("history")).Single(static file => !file.EndsWith(".1", StringComparison.Ordinal)))[..5].ShouldBe("BASGD"u8.ToArray());
    }

    [Fact]
    public async Task A_job_lists_itself_again_in_a_directory_that_lost_it()
    {
        var before = await TrainAndDamage("directory");

        await using var silo = await Start();
        var listed = silo.Grains.GetGrain<IJobDirectoryGrain>(0);
        (await listed.List()).ShouldBeEmpty();
        var job = silo.Job(Endless.EffectiveName);

        (await job.GetStatus()).Version.Step.ShouldBeGreaterThanOrEqualTo(before.Version.Step);
        await RunningSilo.Until(async () => (await listed.List()).SequenceEqual([new JobEntry(Endless.EffectiveName, JobPhase.Running)]));
    }

    [Fact]
    public async Task A_damaged_segment_of_the_ledger_stops_only_what_reads_it()
    {
        var before = await TrainAndDamage("ledger", until: LedgerSegment.Steps + 20);

        await using var silo = await Start();
        var job = silo.Job(Endless.EffectiveName);
        await silo.Until(job, status => status.Version.Step > before.Version.Step);

        (await Should.ThrowAsync<OrleansException>(() => job.ReadLedger(0))).Message.ShouldStartWith("ledger/");
    }

    [Fact]
    public async Task Without_its_buffers_a_job_makes_the_unfinished_round_again()
    {
        var before = await TrainAndDamage("buffer");

        await using var silo = await Start();
        await silo.Until(silo.Job(Endless.EffectiveName), status => status.Version.Step > before.Version.Step);
    }

    [Fact]
    public async Task A_buffer_that_held_what_was_promised_to_survive_stops_the_job_and_says_so()
    {
        await TrainAndDamage("buffer", Endless with { Durability = Durability.Acknowledged });

        await using var silo = await Start();
        var status = await silo.Until(silo.Job(Endless.EffectiveName), static status => status.Message is not null);

        status.Phase.ShouldBe(JobPhase.Running);
        status.Message!.ShouldStartWith("buffer/");
        status.Message!.ShouldEndWith("It held acknowledged gradients of an unfinished round; delete it to go on without them; trying again");
        status.Message!.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_job_without_its_spec_is_refused_in_one_sentence()
    {
        await TrainAndDamage("job");

        await using var silo = await Start();
        var job = silo.Job(Endless.EffectiveName);

        await IsRefused("job", job.GetStatus, job.Evaluate, () => job.ReadParameters(null, 0, 0), () => job.GetWorkers());
    }

    [Fact]
    public async Task A_job_without_its_model_says_so_in_its_message_and_gives_no_weights()
    {
        await TrainAndDamage("model");

        await using var silo = await Start();
        var job = silo.Job(Endless.EffectiveName);

        var status = await silo.Until(job, static status => status.Message is not null);
        status.Message!.ShouldStartWith("model/");
        status.Message!.ShouldEndWith("Bring one back from a backup; trying again");
        await IsRefused("model", job.Evaluate, () => job.ReadParameters(null, 0, 0));
    }

    private static async Task IsRefused(string state, params Func<Task>[] asked)
    {
        foreach (var ask in asked)
        {
            var failure = await Should.ThrowAsync<OrleansException>(ask);
            failure.Message.ShouldStartWith($"{state}/");
            failure.Message.ShouldEndWith("Bring one back from a backup");
            failure.Message.ShouldNotContain("\n");
        }
    }

    /// <summary>Trains a while, ends the silo, and fills every version of one kind of state with noise.</summary>
    private async Task<JobStatus> TrainAndDamage(string state, JobSpec? spec = null, long until = 20)
    {
        spec ??= Endless;
        JobStatus before;
        await using (var silo = await Start())
        {
            await silo.Until(await silo.Submit(spec), status => status.Version.Step >= until);
            await RunningSilo.Until(() => Task.FromResult(Directory.Exists(Folder(state)) || state == "buffer"));
            before = await silo.Job(spec.EffectiveName).GetStatus();
        }

        foreach (var file in Directory.GetFiles(Folder(state)))
        {
            var noise = new byte[1_000];
            new Random(1).NextBytes(noise);
            await File.WriteAllBytesAsync(file, noise, TestContext.Current.CancellationToken);
        }

        return before;
    }

    private string Folder(string state) => Path.Combine(directory.Path, "grains", state);

    private Task<RunningSilo> Start() => RunningSilo.Start("--state", directory.Path, "--slots", "8");
}
