using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Grains.Telemetry;

/// <summary>Registers the instruments.</summary>
public static class TelemetryServices
{
    /// <summary>All of them. Each is made when somebody first asks for it.</summary>
    public static readonly IReadOnlyList<Type> Instruments =
        [typeof(BufferInstruments), typeof(ConnectionInstruments), typeof(JobInstruments), typeof(ModelInstruments), typeof(StorageFailureInstruments), typeof(StorageInstruments), typeof(TransferInstruments), typeof(WorkerInstruments)];

    internal static IServiceCollection AddInstruments(this IServiceCollection services)
    {
        services.AddMetrics();
        foreach (var instruments in Instruments) services.AddSingleton(instruments);
        return services;
    }
}
