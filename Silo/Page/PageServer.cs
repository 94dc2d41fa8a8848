using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.FileProviders;

namespace Basgd.Silo.Page;

/// <summary>
/// Serves the live page: files that are part of the program, and what they ask for under <c>/api</c>. It runs apart from the
/// health endpoints, so that a network policy can let people reach one and the orchestrator the other.
/// </summary>
/// <param name="address">Where others find it.</param>
internal sealed class PageServer(IPAddress address, IPAddress listening, PageOptions options, IServiceProvider silo, ILoggerFactory logging) : IHostedService, IAsyncDisposable
{
    /// <summary>No other host is ever asked for anything, and nobody frames the page.</summary>
    private const string ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private WebApplication? server;

    /// <summary>Where it is to be found, once it has started.</summary>
    public Uri? Address { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            server = await Start(options.Port, cancellationToken);
        }
        catch (IOException taken) when (options.OrAnyPort && taken.InnerException is AddressInUseException)
        {
            server = await Start(port: 0, cancellationToken);
        }

        var host = IPAddress.IsLoopback(address) ? "localhost" : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
        Address = new UriBuilder(server.Urls.First()) { Host = host }.Uri;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    private async Task<WebApplication> Start(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(listening, port));
        builder.Services.AddRoutingCore().AddResponseCompression().AddSingleton(logging);
        var app = builder.Build();
        try
        {
            app.Use(AddHeaders);
            app.UseResponseCompression();
            app.UseRouting();
            var files = new ManifestEmbeddedFileProvider(typeof(PageServer).Assembly, "Page/wwwroot");
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
            new PageApi(silo.GetRequiredService<IGrainFactory>(), options, silo.GetRequiredService<TimeProvider>(), logging.CreateLogger<PageApi>()).Map(app.MapGroup("/api"));
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static Task AddHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return next(context);
    }
}
