using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Silo.Tests.Hosting.Clustering;

/// <summary>Silos that do not all know, or cannot all load, what a job trains: as in the rollout of a new model.</summary>
public sealed class MixedClusterTests
{
    private const int Capable = 0;
    private const int Other = 1;

    private static readonly Action<IServiceCollection> Mine = static services => services.AddWorkload<LeastSquares>();
    private static readonly Action<IServiceCollection> Stock = static services => services.AddSingleton<IWorkload>(new Renamed(new LeastSquares(), "stock"));

    [Fact]
    public async Task Only_silos_that_know_the_workload_are_asked_and_get_leases()
    {
        await using var cluster = await MixedCluster.Start(Mine, Stock);
        for (var i = 0; i < 6; i++)
        {
            var job = await cluster.Submit(LeastSquares.Job($"mine{i}"));
            var done = await cluster.Until(job, static status => status.Phase == JobPhase.Completed);
            done.LastEvaluation.ShouldNotBeNull();
            await job.Evaluate();
        }

        var endless = await cluster.Submit(LeastSquares.Job("endless") with { Steps = 1_000_000 });
        var status = await cluster.Until(endless, static status => status.Leases.Count == 4 && status.Version.Step > 5);
        status.Leases.ShouldAllBe(lease => lease.Silo == cluster.AddressOf(Capable));
        status.Obstacles.ShouldBe([new SiloObstacle(cluster.AddressOf(Other), "it does not know model = linear")]);
        await endless.Stop();
    }

    [Theory]
    [InlineData(Capable)]
    [InlineData(Other)]
    public async Task A_silo_without_the_data_is_passed_over_when_a_job_is_described(int broken)
    {
        Action<IServiceCollection>[] workers = [Mine, Mine];
        workers[broken] = static services => services.AddSingleton<IWorkload>(new Broken(new LeastSquares()));
        await using var cluster = await MixedCluster.Start(workers);
        var job = await cluster.Submit(LeastSquares.Job("mine"));
        await cluster.Until(job, static status => status.Phase == JobPhase.Completed);
        await job.Evaluate();
    }

    [Fact]
    public async Task A_workload_that_no_silo_knows_is_refused_with_what_all_of_them_know()
    {
        await using var cluster = await MixedCluster.Start(Mine, Stock);
        var refused = await Should.ThrowAsync<JobRefusedException>(() => cluster.Submit(LeastSquares.Job("none") with { Model = "theirs" }));
        refused.Message.ShouldStartWith("model = theirs: unknown; must be one of ");
        refused.Message.ShouldContain("linear");
        refused.Message.ShouldContain("stock");
    }

    [Fact]
    public async Task The_catalog_lists_what_any_silo_knows()
    {
        await using var cluster = await MixedCluster.Start(Mine, Stock);
        var models = await cluster.Grains.GetGrain<IWorkloadCatalogGrain>(0).Models();
        models.Select(static model => model.Name).ShouldBe(["linear", "stock"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_silo_that_cannot_load_the_workload_leaves_the_job_alone_for_a_while_and_says_why()
    {
        var broken = new Broken(new LeastSquares());
        await using var cluster = await MixedCluster.Start(Mine, services => services.AddSingleton<IWorkload>(broken));
        var job = await cluster.Submit(LeastSquares.Job("mine") with { Steps = 1_000_000 });
        var status = await cluster.Until(job, static status => status.Obstacles.Count > 0);
        status.Obstacles.ShouldBe([new SiloObstacle(cluster.AddressOf(Other), "the data are not here")]);
        await cluster.Until(job, static status => status.Version.Step > 5);

        broken.IsMended = true;
        await cluster.Until(job, status => status.Obstacles.Count == 0 && status.Leases.Any(lease => lease.Silo == cluster.AddressOf(Other)));
        await job.Stop();
    }

    [Fact]
    public async Task What_a_silo_publishes_follows_its_slots()
    {
        await using var cluster = await MixedCluster.Start(Mine, Stock);
        var directory = cluster.Grains.GetGrain<ISiloDirectoryGrain>(0);
        var entry = (await directory.List()).Single(silo => silo.Address == cluster.AddressOf(Capable));
        (entry.Slots, entry.Taken).ShouldBe((4, 0));
        entry.Devices.ShouldBe(["cpu"]);
        (await directory.List()).Single(static silo => silo.Role == "server").Slots.ShouldBeNull();

        var job = await cluster.Submit(LeastSquares.Job("large") with { Workers = 8, Buffers = 6, Steps = 1_000_000 });
        var waiting = await cluster.Until(job, static status => status.Message is not null);
        waiting.Message.ShouldNotBeNull().ShouldStartWith("waiting: buffers = 6: more than the 4 slots");
        waiting.Warnings.Single().ShouldStartWith("buffers = 6: more than the 4 slots");

        cluster.Worker(Capable).GetRequiredService<WorkerCapacity>().Slots = 8;
        var going = await cluster.Until(job, static status => status.Version.Step > 5 && status.Message is null);
        going.Warnings.ShouldBeEmpty();
        await RunningSilo.Until(async () => (await directory.List()).Any(static silo => (silo.Slots, silo.Taken) == (8, 8)));

        cluster.Worker(Capable).GetRequiredService<WorkerCapacity>().Slots = 2;
        await RunningSilo.Until(async () => (await directory.List()).Any(static silo => (silo.Slots, silo.Taken) == (2, 2)));
        await job.Stop();
    }

    private sealed class Renamed(IWorkload workload, string model) : IWorkload
    {
        public string Model => model;

        public string Dataset => workload.Dataset;

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) => workload.DescribeAsync(cancellation);

        public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) => workload.CreateLearnerAsync(settings, cancellation);
    }

    private sealed class Broken(IWorkload workload) : IWorkload
    {
        private volatile bool isMended;

        public bool IsMended
        {
            get => isMended;
            set => isMended = value;
        }

        public string Model => workload.Model;

        public string Dataset => workload.Dataset;

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
            IsMended ? workload.DescribeAsync(cancellation) : throw new WorkloadUnavailableException("the data are not here");

        public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) =>
            IsMended ? workload.CreateLearnerAsync(settings, cancellation) : throw new WorkloadUnavailableException("the data are not here");
    }
}
