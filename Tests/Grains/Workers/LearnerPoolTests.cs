using System.Collections.Concurrent;
using Basgd.Contracts;
using Basgd.Learning;
using Microsoft.Extensions.Options;

namespace Basgd.Grains.Tests.Workers;

/// <summary>Which lane computes on which device, with devices that are names only.</summary>
public sealed class LearnerPoolTests
{
    private static readonly ComputeDevices ThreeGpus = new(["cuda:0", "cuda:1", "cuda:2"]);
    private readonly Recorder workload = new();

    [Theory]
    [InlineData(3, 1)]
    [InlineData(6, 2)]
    [InlineData(12, 4)]
    public async Task LanesAreSpreadEvenlyOverTheDevices(int lanes, int each)
    {
        using var pool = Pool(ThreeGpus, lanes);
        var held = await Enter(pool, lanes);
        held.CountBy(static lane => lane.Device).ShouldBe(ThreeGpus.Names.Select(name => KeyValuePair.Create(name, each)), ignoreOrder: true);
        workload.Made.CountBy(static device => device).ShouldBe(ThreeGpus.Names.Select(name => KeyValuePair.Create(name, each)), ignoreOrder: true);
    }

    [Fact]
    public async Task NoDeviceGetsMoreThanItsShareWhoeverComesAndGoes()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var pool = Pool(ThreeGpus, lanes: 7);
        var held = new List<LearnerPool.Lane>();
        for (var turn = 0; turn < 1_000; turn++)
        {
            if (held.Count < 7 && random.Next(2) == 0)
            {
                held.AddRange(await Enter(pool, 1));
            }
            else if (held.Count > 0)
            {
                var which = random.Next(held.Count);
                held[which].Dispose();
                held.RemoveAt(which);
            }

            held.CountBy(static lane => lane.Device).ShouldAllBe(static device => device.Value <= 3, $"seed {seed}, turn {turn}");
        }
    }

    [Fact]
    public async Task WhatIsFreeAgainIsWhereTheNextOneGoesAndFindsItsReplicaWarm()
    {
        using var pool = Pool(ThreeGpus, lanes: 3);
        var held = await Enter(pool, 3);
        var second = held.Single(static lane => lane.Device == "cuda:1");
        var replica = await second.Run(static learner => learner);
        var next = pool.Enter(Recorder.Job, "late");
        next.IsCompleted.ShouldBeFalse();

        second.Dispose();
        using var lane = await next;
        lane.Device.ShouldBe("cuda:1");
        (await lane.Run(static learner => learner)).ShouldBeSameAs(replica);
        workload.Made.Count.ShouldBe(3);
    }

    [Fact]
    public async Task AReplicaThatCannotBeMadeGivesItsLaneBack()
    {
        using var pool = Pool(new ComputeDevices(["cuda:0"]), lanes: 1);
        workload.Fails = true;
        await Should.ThrowAsync<WorkloadUnavailableException>(() => pool.Enter(Recorder.Job, "a"));
        workload.Fails = false;
        (await Enter(pool, 1))[0].Device.ShouldBe("cuda:0");
    }

    [Fact]
    public async Task ReplicasOfAJobThatEndedAreLetGoOnEveryDevice()
    {
        using var pool = Pool(ThreeGpus, lanes: 3);
        foreach (var lane in (await Enter(pool, 3)).Take(2)) lane.Dispose();
        pool.Retire(Recorder.Job.EffectiveName);
        workload.Alive.ShouldBe(1, "one is still at work");
    }

    [Theory]
    [InlineData(0, "cuda:0,cuda:1", 4)]
    [InlineData(5, "cuda:0,cuda:1", 5)]
    [InlineData(5, "cpu", 5)]
    public void AGpuHasTwoLanesUnlessToldOtherwise(int lanes, string devices, int expected) =>
        new WorkerOptions { Lanes = lanes }.LanesOn(new ComputeDevices(devices.Split(','))).ShouldBe(expected);

    [Fact]
    public void TheProcessorHasALaneForEachOfItsCores() => new WorkerOptions().LanesOn(ComputeDevices.CpuOnly).ShouldBe(Environment.ProcessorCount);

    private LearnerPool Pool(IComputeDevices devices, int lanes) => new(new WorkloadRegistry([workload]), devices, Options.Create(new WorkerOptions { Lanes = lanes }));

    private static Task<LearnerPool.Lane[]> Enter(LearnerPool pool, int times) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(time => pool.Enter(Recorder.Job, $"worker {time}")));

    /// <summary>Notes for which device replicas are asked for.</summary>
    private sealed class Recorder : IWorkload
    {
        public static readonly JobSpec Job = new() { Model = "recorder", Dataset = "nothing" };
        private int alive;

        public string Model => Job.Model;

        public string Dataset => Job.Dataset;

        public bool Fails { get; set; }

        public ConcurrentQueue<string> Made { get; } = [];

        public int Alive => alive;

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default)
        {
            if (Fails) throw new WorkloadUnavailableException("out of memory");
            Made.Enqueue(settings.Device!);
            Interlocked.Increment(ref alive);
            return ValueTask.FromResult<ILearner>(new Idle(this));
        }

        private sealed class Idle(Recorder owner) : ILearner
        {
            public int Dimension => 1;

            public void Initialise(Span<float> parameters) => throw new NotSupportedException();

            public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient) => throw new NotSupportedException();

            public Evaluation Evaluate(ReadOnlySpan<float> parameters) => throw new NotSupportedException();

            public void Dispose() => Interlocked.Decrement(ref owner.alive);
        }
    }
}
