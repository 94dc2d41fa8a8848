using System.Runtime.InteropServices;
using Basgd.Contracts;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Core.Internal;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A whole silo in this process, as the command starts it.</summary>
public sealed class SiloHostTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("--gateway-port", "70000", "Basgd:Silo:GatewayPort = 70000: must be 0 … 65535")]
    [InlineData("--gateway-port", "-1", "Basgd:Silo:GatewayPort = -1: must be 0 … 65535")]
    [InlineData("--gateway-port", "abc", "'abc'")]
    [InlineData("--slots", "-1", "Basgd:Worker:Slots = -1: must be 0 … 100000")]
    [InlineData("--state", "", "Basgd:Silo:State = : must be given")]
    [InlineData("--role", "boss", "Basgd:Silo:Role = boss: must be one of server, worker, all")]
    [InlineData("--role", "worker", "Basgd:Silo:Role = worker: must be all where Basgd:Cluster:Provider is local")]
    [InlineData("--address", "0.0.0.0", "Basgd:Silo:Address = 0.0.0.0: must be an IP address that others can reach")]
    [InlineData("--drain-within", "0:00:00", "Basgd:Silo:DrainWithin = 00:00:00: must be 00:00:01 … 01:00:00")]
    [InlineData("--cluster", "zookeeper", "Basgd:Cluster:Provider = zookeeper: must be one of local, redis, postgres")]
    [InlineData("--cluster", "redis", "Basgd:Cluster:Connection = : must be given where Basgd:Cluster:Provider is redis")]
    [InlineData("--cluster", "redis", "Basgd:Storage:Provider = file: must be redis, postgres or azure-blob where there are several silos")]
    [InlineData("--Basgd:Cluster:WatchPods", "true", "Basgd:Cluster:WatchPods = True: must be False where Basgd:Cluster:Provider is local")]
    [InlineData("--devices", "tpu", "Basgd:Worker:Devices = tpu: must be auto, or a list of cpu and cuda:N with commas between")]
    [InlineData("--storage", "tape", "Basgd:Storage:Provider = tape: must be one of file, redis, postgres, azure-blob")]
    [InlineData("--storage", "redis", "Basgd:Storage:Redis:Connection = : must be given")]
    [InlineData("--storage", "postgres", "Basgd:Storage:Postgres:Connection = : must be given")]
    [InlineData("--storage", "azure-blob", "Basgd:Storage:AzureBlob:Connection = : must be given, or else ServiceUri, and not both")]
    [InlineData("--Basgd:Storage:CheckpointsKept", "0", "Basgd:Storage:CheckpointsKept = 0: must be 1 … 100")]
    public void AnOptionThatBreaksItsRuleIsRefusedByNameValueAndRule(string option, string value, string message) =>
        Should.Throw<OptionsValidationException>(() => SiloHost.Build(["--state", directory.Path, option, value])).Message.ShouldContain(message);

    [Fact]
    public void EveryBrokenRuleIsToldAtOnceAndNoPasswordWithIt()
    {
        var message = Should.Throw<OptionsValidationException>(() => SiloHost.Build(
        [
            "--state", directory.Path, "--slots=-1", "--storage", "postgres", "--Basgd:Storage:Postgres:Connection=Host=;Password=secret", "--Basgd:Storage:Postgres:Table=a b",
            "--cluster", "redis", "--Basgd:Cluster:Connection=redis://user:secret@host/words",
        ])).Message;

        message.ShouldContain("Basgd:Worker:Slots = -1");
        message.ShouldContain("Basgd:Storage:Postgres:Connection = ***: must be postgres://");
        message.ShouldContain("Basgd:Storage:Postgres:Table = a b: must be 1 … 63 lower-case letters");
        message.ShouldContain("Basgd:Cluster:Connection = ***: must name the database by a number");
        message.ShouldNotContain("secret");
    }

    /// <summary>One that hung until it was called dead and goes on then trains beside its successors until it reads so.</summary>
    [Fact]
    public void ASiloReadsWithinThreeProbesThatItIsCalledDead()
    {
        using var silo = SiloHost.Build(["--state", directory.Path, "--role", "worker", "--cluster", "redis", "--Basgd:Cluster:Connection=localhost:1", "--Basgd:Cluster:ProbeTimeout=00:00:03"]);
        silo.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value.TableRefreshTimeout.ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact, Trait("category", "slow")]
    public async Task TrainsThroughAnAttackToTheEnd()
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("attacked") with { Model = "softmax", Dataset = "synthetic" });
        var status = await silo.Until(job, s => s.Phase == JobPhase.Completed);
        status.Version.Step.ShouldBe(200);
        status.Progress.ShouldBe(1);
        status.LastEvaluation.ShouldNotBeNull().Accuracy.ShouldBeGreaterThan(0.8);
        File.Exists(status.Checkpoint).ShouldBeTrue(status.Checkpoint);
    }

    [Fact, Trait("category", "slow")]
    public async Task TheAttackerIsTheMostSuspectWorkerAndWithoutDistancesNobodyIs()
    {
        var spec = LeastSquares.Job("suspected") with { Workers = 6, Steps = 1_000_000, ReshuffleEverySteps = 5 };
        await using (var silo = await Start())
        {
            var job = await silo.Submit(spec);
            await silo.Until(job, static s => s.Suspicion is [.., > 0.9] && s.Suspicion.Take(5).All(static belief => belief < 0.5));
            (await job.GetWorkers()).ShouldAllBe(static worker => worker.Suspicion != null);
            await job.Stop();
        }

        await using (var silo = await RunningSilo.Start("--state", directory.Path, "--slots", "8", "--Basgd:Job:DistancesEvery", "0"))
        {
            var job = await silo.Submit(spec with { Name = "unseen" });
            var status = await silo.Until(job, static s => s.Version.Step > 20);
            status.Suspicion.ShouldBeEmpty();
            (await job.GetWorkers()).ShouldAllBe(static worker => worker.Suspicion == null);
            await job.Stop();
        }
    }

    /// <summary>As where a silo died and two activations of the model were alive for a while: one made the last steps, the other knows nothing of them.</summary>
    [Fact, Trait("category", "slow")]
    public async Task TheModelOfACompletedJobThatWasLeftBehindIsReadAnew()
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("left-behind") with { Ledger = true });
        var early = File.ReadAllBytes((await silo.Until(job, static s => s.Version.Step >= 10)).Checkpoint!);
        var end = await silo.Until(job, static s => s.Phase == JobPhase.Completed);
        var last = File.ReadAllBytes(end.Checkpoint!);

        var model = silo.Grains.GetGrain<IModelGrain>("left-behind");
        File.WriteAllBytes(end.Checkpoint!, early);
        await model.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        (await model.GetStatus()).Version.Step.ShouldBeLessThan(200);
        File.WriteAllBytes(end.Checkpoint!, last);

        (await job.GetStatus()).Version.Step.ShouldBe(200);
        (await job.ReadLedger(0)).Version.Step.ShouldBe(200);
    }

    [Fact, Trait("category", "slow")]
    public async Task AJobThatItsDataCannotServeIsRefusedBeforeItStarts()
    {
        await using var silo = await Start();
        async Task<string> Refusal(JobSpec spec) => (await Should.ThrowAsync<JobRefusedException>(() => silo.Submit(spec))).Message;
        (await Refusal(new JobSpec { Model = "lstm", Dataset = "king-james", DirichletAlpha = 0.5 })).ShouldBe("dirichletAlpha = 0.5: must be left out, for king-james is a text and has no labels to skew");
        (await Refusal(LeastSquares.Job("crowded") with { Workers = 1_001 })).ShouldBe("workers = 1001: must be <= 1000, the training examples of plane, for each worker needs one");
    }

    [Fact, Trait("category", "slow")]
    public async Task OfCallsThatFindNoSiloAnyMoreNothingIsSaidWhileItStops()
    {
        using var silo = SiloHost.Build(["--state", directory.Path]);
        await silo.StartAsync();
        var loggers = silo.Services.GetRequiredService<ILoggerFactory>();
        string[] Said() => [.. new[] { "Polly", "Orleans.Messaging", "Orleans.Storage", "Basgd" }.Where(category => loggers.CreateLogger(category).IsEnabled(LogLevel.Error))];
        Said().ShouldBe(["Polly", "Orleans.Messaging", "Orleans.Storage", "Basgd"]);
        silo.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Said().ShouldBe(["Orleans.Storage", "Basgd"]);
        await silo.StopAsync();
    }

    [Fact, Trait("category", "slow")]
    public async Task APausedJobStandsStillUntilItIsResumed()
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("paused") with { Steps = 1_000_000 });
        await silo.Until(job, s => s.Version.Step > 10);
        await job.Pause();
        var paused = await job.GetStatus();
        paused.Phase.ShouldBe(JobPhase.Paused);
        paused.Leases.ShouldBeEmpty();

        await job.Resume();
        await silo.Until(job, s => s.Phase == JobPhase.Running && s.Version.Step > paused.Version.Step + 10);
        await job.Stop();
        var stopped = await job.GetStatus();
        stopped.Phase.ShouldBe(JobPhase.Stopped);
        stopped.Version.Generation.ShouldBe(0, "nothing durable was lost");
        await Should.ThrowAsync<JobRefusedException>(job.Resume);
    }

    [Fact, Trait("category", "slow")]
    public async Task ARestartedSiloGoesOnWhereTheJobWasPaused()
    {
        ModelVersion paused;
        await using (var silo = await Start())
        {
            var job = await silo.Submit(LeastSquares.Job("restarted") with { Steps = 1_000_000 });
            await silo.Until(job, s => s.Version.Step > 10);
            await job.Pause();
            paused = (await job.GetStatus()).Version;
        }

        await using (var silo = await Start())
        {
            var job = silo.Job("restarted");
            (await job.GetStatus()).Phase.ShouldBe(JobPhase.Paused);
            await job.Resume();
            var status = await silo.Until(job, s => s.Version.Step > paused.Step + 10);
            status.Version.Generation.ShouldBe(paused.Generation, "nothing durable was lost");
            await job.Stop();
        }
    }

    [Fact, Trait("category", "slow")]
    public async Task ARestartIsNotedAtTheStepThatTheJobGoesOnFrom()
    {
        await using (var silo = await Start())
        {
            var job = await silo.Submit(LeastSquares.Job("noted") with { Steps = 1_000_000 });
            await silo.Until(job, s => s.Version.Step > 10);
        }

        await using (var silo = await Start())
        {
            var job = silo.Job("noted");
            await RunningSilo.Until(async () => (await job.GetHistory(1_000)).Events.Any(static one => one.Kind == JobEventKind.Restart));
            (await job.GetHistory(1_000)).Events.Single(static one => one.Kind == JobEventKind.Restart).Step.ShouldBeGreaterThan(10);
            await job.Stop();
        }
    }

    [Fact, Trait("category", "slow")]
    public async Task TrainsWithEveryOptionThroughARestart()
    {
        var spec = LeastSquares.Job("options") with
        {
            Steps = 400,
            LearningRate = 0.02,
            DecayAtEpochs = [20], // Steps of fixed length wander about the optimum: shorter ones nearer.
            Durability = Durability.Acknowledged,
            WorkerMomentum = 0.9,
            NormaliseWorkerMomentum = true,
            ClipGradient = 1,
            WeighWorkersEqually = true,
            ServerMomentum = 0.5,
        };
        await using (var silo = await Start())
        {
            var job = await silo.Submit(spec);
            await silo.Until(job, s => s.Version.Step > 10);
        }

        await using (var silo = await Start())
        {
            var status = await silo.Until(silo.Job("options"), s => s.Phase == JobPhase.Completed);
            status.Version.ShouldBe(new ModelVersion(0, 400));
            status.LastEvaluation.ShouldNotBeNull().Accuracy.ShouldBeGreaterThan(0.95);
        }
    }

    [Fact, Trait("category", "slow")]
    public async Task ASilentWorkerHoldsItsLeaseAndItsBufferStaysEmpty()
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("silent") with { Buffers = 4, Attack = "silent", ReassignAfterSeconds = 0.5 });
        var status = await silo.Until(job, s => s.Message is not null);
        status.Message!.ShouldContain("3 active workers are fewer than buffers = 4");
        status.Leases.Count.ShouldBe(4);
        status.Version.Step.ShouldBe(0);
        await job.Stop();
    }

    [Fact, Trait("category", "slow")]
    public async Task UsersBringTheirOwnWorkload()
    {
        await using var silo = await Start();
        var job = await silo.Submit(LeastSquares.Job("own"));
        var status = await silo.Until(job, s => s.Phase == JobPhase.Completed);
        status.LastEvaluation.ShouldNotBeNull().Accuracy.ShouldBeGreaterThan(0.95);

        (await job.GetLayout()).ShouldHaveSingleItem().Name.ShouldBe("weight");
        var chunk = await job.ReadParameters(null, 0, ParameterChunk.MaxLength);
        var found = MemoryMarshal.Cast<byte, float>(chunk.Bytes.Span).ToArray();
        for (var i = 0; i < LeastSquares.Truth.Length; i++) found[i].ShouldBe(LeastSquares.Truth[i], 0.1f);
    }

    private Task<RunningSilo> Start() => RunningSilo.Start("--state", directory.Path, "--slots", "8");
}
