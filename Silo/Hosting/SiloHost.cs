using System.Net;
using System.Net.Sockets;
using Basgd.Contracts.Attaching;
using Basgd.Grains;
using Basgd.Grains.Hosting;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Learning.Training;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Hosting.Checks;
using Basgd.Silo.Hosting.Clustering;
using Basgd.Silo.Hosting.Configuration;
using Basgd.Silo.Hosting.Health;
using Basgd.Silo.Page;
using Basgd.Silo.Storage;
using Basgd.Silo.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Basgd.Silo.Hosting;

/// <summary>Puts a silo together from its configuration: command line over environment over appsettings.</summary>
public static class SiloHost
{
    /// <summary>For what is given up at the end of DrainWithin to say so.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Short names on the command line; every other option has its full one, such as <c>--Basgd:Worker:LookEvery=00:00:01</c>.</summary>
    internal static readonly Dictionary<string, string> Switches = new()
    {
        ["--address"] = "Basgd:Silo:Address",
        ["--attended"] = "Basgd:Silo:Attended",
        ["--cluster"] = "Basgd:Cluster:Provider",
        ["--cluster-id"] = "Basgd:Cluster:ClusterId",
        ["--data"] = "Basgd:Silo:Data",
        ["--devices"] = "Basgd:Worker:Devices",
        ["--drain-within"] = "Basgd:Silo:DrainWithin",
        ["--gateway-port"] = "Basgd:Silo:GatewayPort",
        ["--health-port"] = "Basgd:Silo:HealthPort",
        ["--lanes"] = "Basgd:Worker:Lanes",
        ["--page-port"] = "Basgd:Page:Port",
        ["--role"] = "Basgd:Silo:Role",
        ["--silo-port"] = "Basgd:Silo:SiloPort",
        ["--slots"] = "Basgd:Worker:Slots",
        ["--state"] = "Basgd:Silo:State",
        ["--storage"] = "Basgd:Storage:Provider",
    };

    /// <param name="configure">More services, such as <c>services.AddWorkload&lt;MyWorkload&gt;()</c>.</param>
    /// <exception cref="OptionsValidationException">An option breaks its rule.</exception>
    /// <exception cref="StateDirectoryException">The state directory cannot be used.</exception>
    public static IHost Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        var arguments = SiloArguments.Parse(args);
        var builder = CreateBuilder(arguments);
        string[] elsewhere = arguments.Mode is { } mode ? [$"{mode}: this host only starts a silo; {nameof(SiloProgram)}.{nameof(SiloProgram.Run)} does this, too"] : [];
        var settings = SiloSettings.Read(builder.Configuration, [.. arguments.Problems, .. elsewhere]);
        MachineNeeds.ThrowIfMissing(settings);
        var options = settings.Silo;
        var state = StateDirectory.Hold(options.State);
        var gateway = new IPEndPoint(settings.Address, PortOr(options.GatewayPort, settings.Listening));
        var endpoint = new IPEndPoint(settings.Address, PortOr(options.SiloPort, settings.Listening));
        var isStopping = false;
        IStorageHealth? health = null;
        UseLogging(builder.Logging, settings.Telemetry.LogFormat, () => Volatile.Read(ref isStopping), () => Volatile.Read(ref health)?.Problem is not null);

        builder.Services.AddSingleton(_ => state); // By factory: the container disposes only what it made.
        if (settings.Storage is { } storage) builder.Services.AddSingleton(_ => storage);

        // In this order they start; they stop in the opposite one, so that health is told until the end.
        if (options.HealthPort != 0) builder.Services.AddSingleton<SiloHealth>().AddHostedService(services => new HealthServer(new IPEndPoint(settings.Listening, options.HealthPort), services.GetRequiredService<SiloHealth>(), SiloTelemetry.IsScraped(settings) ? services.GetRequiredService<MeterProvider>() : null));
        if (settings.Cluster.Provider == ClusteringOptions.Postgres) builder.Services.AddHostedService(_ => new PostgresMembership(settings.Cluster));
        if (settings.Cluster.Provider != ClusteringOptions.Local)
            builder.Services.AddHostedService(services => new JoinGate(settings, services.GetRequiredService<ILogger<JoinGate>>()));
        builder.UseOrleans(silo =>
        {
            silo.UseClustering(settings.Cluster, options, endpoint, gateway.Port, settings.Listening);
            silo.UseRole(options.Role);
            if (settings.Tls is { } tls) silo.UseTls(tls);
            if (settings.Access.Act.Count > 0) silo.UseTokens(settings.Access);
            if (SiloTelemetry.Traces(settings.Telemetry)) silo.AddActivityPropagation();
            silo.TellStorageFailures();
            silo.AddIncomingGrainCallFilter<OwnFailures>();
            if (settings.Storage is { } storage) silo.AddWatchedGrainStorage(StorageNames.Grains, storage);
        });
        builder.Services.AddBasgd();
        builder.Services.AddSiloTelemetry(settings, endpoint);
        if (SiloRole.HoldsState(options.Role)) builder.Services.AddBasgdJobs();
        if (SiloRole.Computes(options.Role)) AddWorkers(builder.Services, options);
        configure?.Invoke(builder.Services);
        if (settings.Page.Port != 0) builder.Services.AddSingleton(services => new PageServer(settings.Address, settings.Listening, settings.Page, services, services.GetRequiredService<ILoggerFactory>())).AddHostedService(static services => services.GetRequiredService<PageServer>());
        var announced = new SiloAnnouncement(Environment.ProcessId, gateway.Port, $"{gateway.Address}", Attended: options.Attended, Data: options.Data is { } data ? Path.GetFullPath(data) : null);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<Announcer>(services, announced));
        if (options.Attended) builder.Services.PostConfigure<WorkerOptions>(static workers => workers.Slots = 0);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainWithin);
        var host = builder.Build();
        Volatile.Write(ref health, host.Services.GetService<IStorageHealth>());
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => Volatile.Write(ref isStopping, true));
        return host;
    }

    /// <summary>Waits until the silo is asked to stop, and then until it has, or has had its time: what waits for a store that is gone does not always look at the time.</summary>
    /// <returns>False where it still has something to do; all that is safe is safe then, as after a crash.</returns>
    public static async Task<bool> WaitForEnd(IHost silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var asking = silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(asked.SetResult);
        var ended = silo.WaitForShutdownAsync();
        await asked.Task;
        var limit = silo.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout + LastWords;
        if (await Task.WhenAny(ended, Task.Delay(limit)) != ended) return false;
        try
        {
            await ended;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The command line over environment over appsettings.</summary>
    internal static HostApplicationBuilder CreateBuilder(SiloArguments arguments)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(arguments.Options);
        return builder;
    }

    /// <summary>Nothing that is only called from here loads TorchSharp into a silo that does not compute.</summary>
    private static void AddWorkers(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(static provider => TorchDevices.Choose(provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Devices));
        services.AddBasgdWorkers();
        foreach (var workload in Workloads.BuiltIn(new DataOptions { Directory = options.Data, Progress = new DataAnnouncer() })) services.AddSingleton<IWorkload>(workload);

        // One intra-op thread a lane, and pool threads enough that lanes do not starve messages.
        TorchRuntime.Configure(1);
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, (2 * Environment.ProcessorCount) + 4), ports);
    }

    private static void UseLogging(ILoggingBuilder logging, string format, Func<bool> isStopping, Func<bool> isStorageFailing)
    {
        if (format == TelemetryOptions.Json)
        {
            // What is in scope, where a trace is at hand, is its ids.
            logging.AddJsonConsole(static console =>
            {
                console.IncludeScopes = true;
                console.TimestampFormat = "O";
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
        }

        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // What was on its way to a grain when the last silo stops finds no silo to place it on, which is nobody's mistake. Polly warns of
        // each attempt that is repeated, with its stack: the caller says it if none succeeds.
        logging.AddFilter("Orleans.Messaging", level => level >= LogLevel.Warning && !isStopping());
        logging.AddFilter("Polly", level => level >= LogLevel.Error && !isStopping());

        // Says of each call to a silo that ends that it will fail, which its caller says, too.
        logging.AddFilter("Orleans.Runtime.CallbackData", LogLevel.Error);

        // Of a storage that fails its watch tells, once in a while; Orleans tells four times for each grain that is called, with stacks.
        foreach (var category in (string[])["Orleans.Grain", typeof(CountedGrainStorage).FullName!])
            logging.AddFilter(category, level => level >= LogLevel.Warning && !isStorageFailing());

        // Says when it starts and stops and which part of a ring it has, of which it makes no use.
        logging.AddFilter(typeof(VectorSource).FullName, LogLevel.Warning);

        // Warnings about a server garbage collector, which a silo of few grains and large vectors does not want, and about a
        // clock that the machine's start sets.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
    }

    /// <summary>The port, or a free one if it is 0.</summary>
    internal static int PortOr(int port, IPAddress address)
    {
        if (port != 0) return port;
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
