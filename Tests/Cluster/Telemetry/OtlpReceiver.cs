using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>Takes what silos send by OTLP, over gRPC and over HTTP, and decodes it by the protocol's own definition.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private OtlpReceiver(WebApplication server, Received received) => (this.server, Got) = (server, received);

    public Received Got { get; }

    /// <summary>HTTP/2 without TLS, as gRPC clients speak it.</summary>
    public string GrpcAddress => Addresses[0];

    /// <summary>HTTP/1.1.</summary>
    public string HttpAddress => Addresses[1];

    private string[] Addresses => [.. server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public static async Task<OtlpReceiver> Start()
    {
        var received = new Received();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(received).AddRoutingCore().AddGrpc();
        var server = builder.Build();
        server.MapGrpcService<Traces>();
        server.MapGrpcService<Metrics>();
        server.MapGrpcService<Logs>();
        Map(server, "traces", ExportTraceServiceRequest.Parser, received.Take, new ExportTraceServiceResponse());
        Map(server, "metrics", ExportMetricsServiceRequest.Parser, received.Take, new ExportMetricsServiceResponse());
        Map(server, "logs", ExportLogsServiceRequest.Parser, received.Take, new ExportLogsServiceResponse());
        await server.StartAsync();
        return new OtlpReceiver(server, received);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static void Map<T>(WebApplication server, string signal, MessageParser<T> parser, Action<T, string?> take, IMessage answer)
        where T : IMessage<T> =>
        server.MapPost($"/v1/{signal}", async context =>
        {
            context.Request.ContentType.ShouldBe("application/x-protobuf");
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            take(parser.ParseFrom(body.ToArray()), context.Request.Headers["api-key"]);
            context.Response.ContentType = "application/x-protobuf";
            await context.Response.Body.WriteAsync(answer.ToByteArray());
        });

    private sealed class Traces(Received received) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            received.Take(request, context.RequestHeaders.GetValue("api-key"));
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Metrics(Received received) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            received.Take(request, context.RequestHeaders.GetValue("api-key"));
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class Logs(Received received) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            received.Take(request, context.RequestHeaders.GetValue("api-key"));
            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }
}
