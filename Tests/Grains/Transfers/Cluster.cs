using Basgd.Contracts;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Basgd.Grains.Tests.Transfers;

/// <summary>Two silos in one process that keep nothing: the first holds the job's model and buffers, the second submits.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string Job = "job";

    private readonly InProcessTestCluster cluster;

    private Cluster(InProcessTestCluster cluster) => this.cluster = cluster;

    public IServiceProvider Server => cluster.Silos[0].ServiceProvider;

    public IServiceProvider Worker => cluster.Silos[1].ServiceProvider;

    public VectorOffers Offers => Worker.GetRequiredService<VectorOffers>();

    public IModelGrain Model => Worker.GetRequiredService<IGrainFactory>().GetGrain<IModelGrain>(Job);

    public IBufferGrain Buffer(int buffer, string job = Job) => Worker.GetRequiredService<IGrainFactory>().GetGrain<IBufferGrain>(buffer, job);

    public Task KillWorker() => cluster.KillSiloAsync(cluster.Silos[1]);

    /// <summary>A job of d parameters with B buffers of one worker each, opened.</summary>
    public static async Task<Cluster> Start(int dimension, int buffers, double serverMomentum = 0)
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddGrainStorage(StorageNames.Grains, static (_, _) => new Forgetful());
            silo.Services.AddBasgd().AddBasgdWorkers();
            silo.Services.Configure<WorkerOptions>(static options => options.Slots = 0);
            silo.Services.AddSingleton<IWorkload>(new Plain(dimension));
        });
        var cluster = new Cluster(builder.Build());
        await cluster.cluster.DeployAsync();
        var spec = new JobSpec { Name = Job, Model = "plain", Dataset = "none", Workers = buffers, Buffers = buffers, Steps = long.MaxValue, Tolerate = (buffers - 1) / 2, Durability = Durability.Interval, CheckpointSteps = 1_000_000, ServerMomentum = serverMomentum, LearningRate = 1e-9, ReassignAfterSeconds = 3600 };
        await cluster.Server.GetRequiredService<IGrainFactory>().GetGrain<IModelGrain>(Job).Open(spec);
        return cluster;
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private sealed class Plain(int dimension) : IWorkload
    {
        public string Model => "plain";

        public string Dataset => "none";

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
            new(new WorkloadDescription(dimension, 1_000, [new ParameterShape("w", [dimension])]));

        public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) => new(new Learner(dimension));
    }

    private sealed class Learner(int dimension) : ILearner
    {
        public int Dimension => dimension;

        public void Initialise(Span<float> parameters)
        {
            for (var i = 0; i < parameters.Length; i++) parameters[i] = i;
        }

        public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
        {
            gradient.Fill(worker);
            return 0;
        }

        public Evaluation Evaluate(ReadOnlySpan<float> parameters) => new(0, 0, 1);

        public void Dispose()
        {
        }
    }

    private sealed class Forgetful : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            (grainState.ETag, grainState.RecordExists) = ("1", true);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
    }
}
