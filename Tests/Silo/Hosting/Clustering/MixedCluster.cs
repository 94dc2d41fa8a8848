using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Basgd.Silo.Hosting;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Basgd.Silo.Tests.Hosting.Clustering;

/// <summary>One server silo and some that compute, in this process, each with workloads of its own.</summary>
internal sealed class MixedCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;

    private MixedCluster(IReadOnlyList<Action<IServiceCollection>> workers)
    {
        var store = new MemoryBlobStore();
        var started = -1;
        var builder = new InProcessTestClusterBuilder((short)(workers.Count + 1));
        builder.ConfigureSilo((_, silo) =>
        {
            var index = Interlocked.Increment(ref started);
            var role = index == 0 ? SiloRole.Server : SiloRole.Worker;
            silo.UseSiloMetadata(new Dictionary<string, string> { [SiloDirectoryGrain.RoleKey] = role });
            silo.UseRole(role);
            silo.AddBlobGrainStorage(StorageNames.Grains, store);
            silo.TellStorageFailures();
            silo.Services.AddBasgd();
            silo.Services.AddSingleton(new Place(index));
            if (index == 0) return;
            silo.Services.AddBasgdWorkers();
            silo.Services.Configure<WorkerOptions>(static options => options.Slots = 4);
            workers[index - 1](silo.Services);
        });
        cluster = builder.Build();
    }

    public IGrainFactory Grains => ServicesOf(0).GetRequiredService<IGrainFactory>();

    /// <summary>The services of a silo that computes, from 0.</summary>
    public IServiceProvider Worker(int index) => ServicesOf(index + 1);

    /// <summary>As in <see cref="LeaseStatus.Silo"/>.</summary>
    public string AddressOf(int worker) => Worker(worker).GetRequiredService<Orleans.Runtime.ILocalSiloDetails>().SiloAddress.ToString();

    public static async Task<MixedCluster> Start(params IReadOnlyList<Action<IServiceCollection>> workers)
    {
        var mixed = new MixedCluster(workers);
        await mixed.cluster.DeployAsync();
        await RunningSilo.Until(async () => (await mixed.Grains.GetGrain<ISiloDirectoryGrain>(0).GetReports()) is { IsComplete: true } reports && reports.Reports.Count == workers.Count);
        return mixed;
    }

    public async Task<JobStatus> Until(ITrainingJobGrain job, Func<JobStatus, bool> condition)
    {
        JobStatus? status = null;
        await RunningSilo.Until(async () => condition(status = await job.GetStatus()));
        return status!;
    }

    public async Task<ITrainingJobGrain> Submit(JobSpec spec)
    {
        var job = Grains.GetGrain<ITrainingJobGrain>(spec.EffectiveName);
        await job.Submit(spec);
        return job;
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private IServiceProvider ServicesOf(int index) => cluster.Silos.Select(static silo => silo.ServiceProvider).Single(services => services.GetRequiredService<Place>().Index == index);

    private sealed record Place(int Index);
}
