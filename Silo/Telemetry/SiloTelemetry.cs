using System.Net;
using System.Reflection;
using Basgd.Grains.Telemetry;
using Basgd.Silo.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Basgd.Silo.Telemetry;

/// <summary>Collects what the service, Orleans and the runtime tell, and exports it as the options say. Where they say nothing, nothing is collected.</summary>
internal static class SiloTelemetry
{
    public const string Section = "Basgd:Telemetry";

    /// <summary>.NET's own: garbage collection, thread pool, exceptions, and the process's processor time and memory.</summary>
    private static readonly string[] Meters = [Names.Source, "Microsoft.Orleans", "System.Runtime"];

    private static readonly string[] Sources = [Names.Source, "Microsoft.Orleans.*"];

    /// <summary>Whether Prometheus may ask for metrics.</summary>
    public static bool IsScraped(SiloSettings settings) => settings.Telemetry.Prometheus && settings.Silo.HealthPort != 0;

    /// <summary>Whether anybody gets traces.</summary>
    public static bool Traces(TelemetryOptions options) => (options.OtlpEndpoint is not null || options.Console) && options.SampleRatio > 0;

    /// <param name="silo">Where other silos reach this one; its name in what is exported.</param>
    public static void AddSiloTelemetry(this IServiceCollection services, SiloSettings settings, IPEndPoint silo)
    {
        var options = settings.Telemetry;
        if (options.OtlpEndpoint is null && !options.Console && !IsScraped(settings)) return;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("basgd", settings.Cluster.ClusterId, Version, autoGenerateServiceInstanceId: false, silo.ToString())
                .AddAttributes([new("basgd.role", settings.Silo.Role)]))
            .WithMetrics(metrics => Configure(metrics, settings));
        if (Traces(options)) telemetry.WithTracing(traces => Configure(traces, options));
        if (options.OtlpEndpoint is not null) telemetry.WithLogging(logs => logs.AddOtlpExporter(otlp => Address(otlp, options, "logs")), static logs => logs.IncludeFormattedMessage = true);
    }

    private static string Version => typeof(SiloTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void Configure(MeterProviderBuilder metrics, SiloSettings settings)
    {
        var options = settings.Telemetry;
        metrics.AddMeter(Meters);
        if (!options.PerWorker) metrics.AddView("basgd.contributions", new MetricStreamConfiguration { TagKeys = [Names.Job, Names.Outcome] });
        if (IsScraped(settings)) metrics.AddPrometheusExporter();
        if (options.Console) metrics.AddConsoleExporter((_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Interval(options));
        if (options.OtlpEndpoint is not null)
        {
            metrics.AddOtlpExporter((otlp, reader) =>
            {
                Address(otlp, options, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Interval(options);
            });
        }
    }

    private static void Configure(TracerProviderBuilder traces, TelemetryOptions options)
    {
        traces.AddSource(Sources).SetSampler(new ParentBasedSampler(new RootSampler(options.SampleRatio)));
        if (options.Console) traces.AddConsoleExporter();
        if (options.OtlpEndpoint is not null) traces.AddOtlpExporter(otlp => Address(otlp, options, "traces"));
    }

    private static int Interval(TelemetryOptions options) => (int)options.ExportEvery.TotalMilliseconds;

    private static void Address(OtlpExporterOptions otlp, TelemetryOptions options, string signal)
    {
        var isHttp = options.OtlpProtocol == TelemetryOptions.Http;
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = new Uri(isHttp ? $"{options.OtlpEndpoint!.TrimEnd('/')}/v1/{signal}" : options.OtlpEndpoint!);
        otlp.Headers = options.OtlpHeaders;
    }
}
