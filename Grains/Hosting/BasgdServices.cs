using Basgd.Grains.Telemetry;
using Basgd.Learning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Placement;

namespace Basgd.Grains.Hosting;

/// <summary>Registers what the grains need beside Orleans and a grain storage named <see cref="StorageNames.Grains"/>.</summary>
public static class BasgdServices
{
    /// <summary>What every silo needs.</summary>
    public static IServiceCollection AddBasgd(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddChecked<JobOptions>("Basgd:Job");
        services.AddLargeReceives();
        services.AddInstruments();
        services.AddSingleton<Intake>();
        services.AddSingleton<Rooms>();
        services.AddSingleton<SiloStopping>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static services => services.GetRequiredService<SiloStopping>());
        services.AddSingleton<VectorFetcher>();
        services.AddSingleton<IGradientSource>(static services => services.GetRequiredService<VectorFetcher>());
        services.AddSingleton<VectorOffers>();
        services.AddSingleton<VectorSources>();
        services.AddSingleton<WorkloadCaller>();
        services.AddKeyedSingleton<IPlacementDirector, NamedSiloDirector>(NamedSiloDirector.Strategy);
        services.AddGrainService<VectorSource>();
        return services;
    }

    /// <summary>What a silo needs besides to hold jobs. Call after <c>UseOrleans</c>, so that it asks for no job before the silo is there.</summary>
    public static IServiceCollection AddBasgdJobs(this IServiceCollection services) => services.AddHostedService<JobWaker>();

    /// <summary>
    /// What a silo needs besides to compute. Call after <c>UseOrleans</c>, so that workers stop before the silo does, and after
    /// registering <see cref="IComputeDevices"/> where there is more than the processor.
    /// </summary>
    public static IServiceCollection AddBasgdWorkers(this IServiceCollection services)
    {
        services.AddChecked<WorkerOptions>("Basgd:Worker");
        services.TryAddSingleton<IComputeDevices>(ComputeDevices.CpuOnly);
        services.AddSingleton<WorkloadRegistry>();
        services.AddSingleton<LearnerPool>();
        services.AddSingleton<WorkerCapacity>();
        services.AddHostedService<WorkerPump>();
        return services;
    }

    /// <summary>Makes a model and its data known under the names it gives itself. A later registration of the same names wins.</summary>
    public static IServiceCollection AddWorkload<T>(this IServiceCollection services)
        where T : class, IWorkload =>
        services.AddSingleton<IWorkload, T>();

    private static void AddChecked<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new OptionsRules<T>(section));
    }
}
