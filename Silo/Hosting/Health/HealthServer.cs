using System.Net;
using OpenTelemetry.Metrics;

namespace Basgd.Silo.Hosting.Health;

/// <summary>
/// Answers over HTTP whether the process lives (<c>/health/live</c>: 200) and whether it can be given work (<c>/health/ready</c>:
/// 200, or 503 and the reason). It starts before the silo and stops after it.
/// </summary>
/// <param name="metrics">What <c>/metrics</c> answers Prometheus with; null for no such page.</param>
internal sealed class HealthServer(IPEndPoint endpoint, SiloHealth health, MeterProvider? metrics) : IHostedService, IAsyncDisposable
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    private WebApplication? server;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore();
        server = builder.Build();
        server.MapGet(Live, static context => context.Response.WriteAsync("live\n", context.RequestAborted));
        server.MapGet(Ready, async context =>
        {
            var problem = await health.WhyNotReady();
            if (problem is not null) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"{problem ?? "ready"}\n", context.RequestAborted);
        });
        if (metrics is not null) server.MapPrometheusScrapingEndpoint("/metrics", metrics, configureBranchedPipeline: null, optionsName: null);
        await server.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }
}
