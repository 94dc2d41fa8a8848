using System.Net;
using Basgd.Contracts;
using Basgd.Contracts.Connections;
using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Basgd.Benchmarks.Transport;

/// <summary>A silo of this benchmark: no learning, nothing on a disk.</summary>
internal static class TransportSilo
{
    public const int Workers = 8;

    /// <summary>A job of d parameters. Its second buffer stays empty, so that no step stands between the gradients.</summary>
    public static JobSpec Job(int dimension) => new()
    {
        Name = $"transport-{dimension}",
        Model = $"zeros-{dimension}",
        Dataset = "none",
        Workers = Workers,
        Buffers = 2,
        Steps = long.MaxValue,
        Durability = Durability.Interval,
        CheckpointSteps = 1_000_000,
        ReassignAfterSeconds = 86_400,
        EvaluateEverySeconds = 0,
    };

    /// <param name="primary">Port of the silo to join; null for the one that receives.</param>
    /// <param name="tls">Null for connections in the clear.</param>
    public static async Task<IHost> Start(int port, int? primary, IEnumerable<int> dimensions, TlsFiles? tls)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, Ports.Free(), primary is { } seed ? new IPEndPoint(IPAddress.Loopback, seed) : null, "transport", "transport");
            silo.UseRole(primary is null ? SiloRole.All : SiloRole.Worker);
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
            if (tls is not null) silo.UseTls(tls);
            silo.AddBlobGrainStorage(StorageNames.Grains, new MemoryBlobStore());
        });
        builder.Services.AddBasgd().AddBasgdWorkers();
        builder.Services.Configure<WorkerOptions>(static options => options.Slots = 0);
        foreach (var dimension in dimensions) builder.Services.AddSingleton<IWorkload>(new Zeros(dimension));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Zeros(int dimension) : IWorkload, ILearner
    {
        public string Model => $"zeros-{dimension}";

        public string Dataset => "none";

        public int Dimension => dimension;

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
            new(new WorkloadDescription(dimension, 1_000, [new ParameterShape("w", [dimension])]));

        public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) => new(this);

        public void Initialise(Span<float> parameters) => parameters.Clear();

        public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient) => 0;

        public Evaluation Evaluate(ReadOnlySpan<float> parameters) => new(0, 0, 1);

        public void Dispose()
        {
        }
    }
}
