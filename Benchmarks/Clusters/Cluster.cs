using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Basgd.Contracts;
using Basgd.Contracts.Attaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Basgd.Benchmarks.Clusters;

/// <summary>
/// A cluster of real processes on this machine: the silo as it is shipped with the role server, worker silos with the workloads
/// of <see cref="WorkloadSilo"/>, Redis that they find each other by, and a client in this process. Steps go to files.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Ready = "ready {";

    /// <summary>Workers that a worker silo acts as, as by default.</summary>
    private const int Slots = 64;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("basgd-benchmark-");
    private readonly List<Child> children = [];

    /// <summary>What silos live for: they end with this process, however it ends.</summary>
    private readonly Dictionary<Child, Attachment> attachments = [];
    private readonly int redis = Ports.Free();
    private IHost? client;

    private Cluster()
    {
    }

    /// <summary>Process id of the server silo.</summary>
    public int Server => children[1].Id;

    public static async Task<Cluster> Start()
    {
        var cluster = new Cluster();
        try
        {
            await cluster.StartRedis();
            var gateway = await cluster.StartSilo(typeof(Silo.Hosting.SiloHost).Assembly.Location, [], "server");
            cluster.client = await Connect(gateway);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a worker silo and waits until it has joined.</summary>
    /// <param name="lanes">Gradients that it computes at once.</param>
    public Task AddWorker(int lanes) => StartSilo(typeof(Cluster).Assembly.Location, [WorkloadSilo.Verb, "--lanes", $"{lanes}"], "worker");

    public ITrainingJobGrain Job(string name) => client!.Services.GetRequiredService<IClusterClient>().GetGrain<ITrainingJobGrain>(name);

    /// <summary>Looks at a job again and again until it is as wanted.</summary>
    /// <exception cref="TimeoutException">It never was; the message has the last look.</exception>
    public async Task<JobStatus> Until(string name, Func<JobStatus, bool> wanted, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var status = await Job(name).GetStatus();
            if (wanted(status)) return status;
            if (watch.Elapsed > patience) throw new TimeoutException($"{name} was not as wanted within {patience}; last seen: {status}\n{string.Join("\n---\n", children.Select(child => child.LastWords))}");
            await Task.Delay(Glance);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null)
        {
            await client.StopAsync(new CancellationToken(canceled: true)).ContinueWith(static _ => { }, TaskScheduler.Default);
            client.Dispose();
        }

        // The first ones last: workers give their leases back to the server, and all of them leave the table in Redis.
        foreach (var child in Enumerable.Reverse(children))
        {
            if (attachments.TryGetValue(child, out var attached)) attached.Dispose();
            await child.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private async Task StartRedis()
    {
        const string EndsWithItsInput = "redis-server --port $0 --bind 127.0.0.1 --save '' --dir $1 </dev/null & read -r line; kill $!; wait";
        children.Add((await Child.Start("/bin/sh", ["-c", EndsWithItsInput, $"{redis}", folder.FullName], "Ready to accept connections")).Child);
    }

    private async Task<int> StartSilo(string dll, string[] verb, string role)
    {
        var state = Path.Combine(folder.FullName, $"silo-{children.Count}");
        var environment = new Dictionary<string, string>
        {
            ["Basgd__Cluster__Connection"] = $"redis://127.0.0.1:{redis}",
            ["Basgd__Storage__File__Directory"] = Path.Combine(folder.FullName, "grains"),

            // As in the image.
            ["DOTNET_GCgen0size"] = "1000000",

            // A silo that joins takes part within a third of a lease. A busy machine's silos must not be called dead.
            ["Basgd__Job__LeaseDuration"] = "00:00:03",
            ["Basgd__Cluster__ProbeTimeout"] = "00:00:10",
        };
        Directory.CreateDirectory(state);
        var attached = new StateShare(new SharedFolder(state), TimeProvider.System).Add(new Need("benchmark", Slots), $"{Environment.ProcessId}");
        var (child, line) = await Child.Start("dotnet", [dll, .. verb, "--state", state, "--role", role, "--cluster", "redis", "--attended"], Ready, environment);
        attachments[child] = attached;
        children.Add(child);
        return JsonDocument.Parse(line[(Ready.Length - 1)..]).RootElement.GetProperty("gateway").GetInt32();
    }

    private static async Task<IHost> Connect(int gateway)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(orleans =>
        {
            orleans.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gateway));
            orleans.Configure<ClusterOptions>(static options => options.ClusterId = options.ServiceId = "basgd");
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
