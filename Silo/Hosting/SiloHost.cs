using System.Net;
using System.Net.Sockets;
using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Learning.Training;
using Basgd.Silo.Storage;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Basgd.Silo.Hosting;

/// <summary>Puts a silo together from its configuration: command line over environment over appsettings.</summary>
public static class SiloHost
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--data"] = "Basgd:Silo:Data",
        ["--gateway-port"] = "Basgd:Silo:GatewayPort",
        ["--exit-with-stdin"] = "Basgd:Silo:ExitWithStdin",
        ["--lanes"] = "Basgd:Worker:Lanes",
        ["--slots"] = "Basgd:Worker:Slots",
        ["--state"] = "Basgd:Silo:State",
    };

    /// <param name="configure">More services, such as <c>services.AddWorkload&lt;MyWorkload&gt;()</c>.</param>
    /// <exception cref="OptionsValidationException">An option breaks its rule.</exception>
    /// <exception cref="StateDirectoryException">The state directory cannot be used.</exception>
    public static IHost Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddCommandLine(WithFlagValues(args), Switches);
        var read = new CheckedOptions(builder.Configuration);
        var options = read.Get<SiloOptions>("Basgd:Silo");

        // Bound again by the host; checked here so that nothing starts on a wrong one.
        read.Get<WorkerOptions>("Basgd:Worker");
        read.Get<JobOptions>("Basgd:Job");
        var storage = SiloStorage.Open(read, options.State);
        read.ThrowIfWrong();

        var state = StateDirectory.Hold(options.State);
        var gateway = options.GatewayPort != 0 ? options.GatewayPort : FreePort();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // Warnings about a server garbage collector, which a silo of few grains and large vectors does not want, and about a
        // clock that the machine's start sets.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gateway, primarySiloEndpoint: null, serviceId: "basgd", clusterId: "basgd");
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
            silo.AddBlobGrainStorage(StorageNames.Grains, storage!.Blobs);
        });

        builder.Services.AddSingleton(_ => state); // By factory: the container disposes only what it made.
        builder.Services.AddBasgd();
        foreach (var workload in Workloads.BuiltIn(new DataOptions { Directory = options.Data, Progress = new DataAnnouncer() })) builder.Services.AddSingleton<IWorkload>(workload);
        configure?.Invoke(builder.Services);
        builder.Services.AddHostedService(services => new Announcer(services.GetRequiredService<StateDirectory>(), gateway, options.ExitWithStdin, services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));

        UseProcessors();
        return builder.Build();
    }

    /// <summary>One intra-op thread a lane, and pool threads enough that lanes do not starve messages.</summary>
    private static void UseProcessors()
    {
        TorchRuntime.Configure(1);
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, (2 * Environment.ProcessorCount) + 4), ports);
    }

    private static string[] WithFlagValues(string[] args) =>
        [.. args.Select(arg => arg == "--exit-with-stdin" ? "--exit-with-stdin=true" : arg)];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
