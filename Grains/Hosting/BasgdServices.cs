using Basgd.Learning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Basgd.Grains.Hosting;

/// <summary>Registers what the grains need beside Orleans and a grain storage named <see cref="StorageNames.Grains"/>.</summary>
public static class BasgdServices
{
    /// <summary>Everything of a silo that trains and holds state. Call after <c>UseOrleans</c>, so that workers stop before the silo does.</summary>
    public static IServiceCollection AddBasgd(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<JobOptions>().BindConfiguration("Basgd:Job").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkerOptions>().BindConfiguration("Basgd:Worker").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WorkloadRegistry>();
        services.AddSingleton<LearnerPool>();
        services.AddHostedService<WorkerPump>();
        return services;
    }

    /// <summary>Makes a model and its data known under the names it gives itself. A later registration of the same names wins.</summary>
    public static IServiceCollection AddWorkload<T>(this IServiceCollection services)
        where T : class, IWorkload =>
        services.AddSingleton<IWorkload, T>();
}
