using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;

namespace Basgd.Silo.Tests.Hosting.Clustering;

public sealed class SiloRoleTests
{
    [Theory]
    [InlineData(SiloRole.Server, new[] { typeof(BufferGrain), typeof(JobDirectoryGrain), typeof(LedgerGrain), typeof(ModelGrain), typeof(SiloDirectoryGrain), typeof(TrainingJobGrain) })]
    [InlineData(SiloRole.Worker, new[] { typeof(ModelCacheGrain), typeof(WorkerGrain), typeof(WorkloadCatalogGrain), typeof(WorkloadGrain) })]
    public void Grains_that_hold_state_live_on_servers_and_those_that_compute_on_workers(string role, Type[] grains)
    {
        // Whoever adds a grain decides here where it lives.
        var all = typeof(BasgdServices).Assembly.GetTypes().Where(static type => !type.IsAbstract && type.IsAssignableTo(typeof(Grain)));
        all.Where(type => SiloRole.Runs(role, type)).OrderBy(static type => type.Name).ShouldBe(grains);
        grains.ShouldAllBe(static type => SiloRole.Runs(SiloRole.All, type));
    }
}
