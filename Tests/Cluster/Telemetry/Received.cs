using System.Collections.Concurrent;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>A span, and the role of the silo that sent it.</summary>
internal sealed record SentSpan(string Role, string Source, Span Span)
{
    public string Name => Span.Name;

    public ByteString Trace => Span.TraceId;

    public string? Attribute(string key) => Received.Value(Span.Attributes, key);
}

/// <summary>What silos sent by OTLP.</summary>
internal sealed class Received
{
    public ConcurrentQueue<SentSpan> Spans { get; } = [];

    /// <summary>By role of the silo and name, as they came last: counters begin with 0.</summary>
    public ConcurrentDictionary<(string Role, string Name), Metric> Metrics { get; } = [];

    /// <summary>By role of the silo.</summary>
    public ConcurrentQueue<(string Role, string Body)> Logs { get; } = [];

    /// <summary>Values of the header <c>api-key</c>, and of the attributes that name the service.</summary>
    public ConcurrentDictionary<string, bool> Keys { get; } = [];

    public ConcurrentDictionary<string, bool> Services { get; } = [];

    public void Take(ExportTraceServiceRequest request, string? key)
    {
        Keys[key ?? ""] = true;
        foreach (var resource in request.ResourceSpans)
            foreach (var scope in resource.ScopeSpans)
                foreach (var span in scope.Spans) Spans.Enqueue(new SentSpan(Role(resource.Resource), scope.Scope.Name, span));
    }

    public void Take(ExportMetricsServiceRequest request, string? key)
    {
        Keys[key ?? ""] = true;
        foreach (var resource in request.ResourceMetrics)
            foreach (var metric in resource.ScopeMetrics.SelectMany(static scope => scope.Metrics)) Metrics[(Role(resource.Resource), metric.Name)] = metric;
    }

    public void Take(ExportLogsServiceRequest request, string? key)
    {
        Keys[key ?? ""] = true;
        foreach (var resource in request.ResourceLogs)
            foreach (var log in resource.ScopeLogs.SelectMany(static scope => scope.LogRecords)) Logs.Enqueue((Role(resource.Resource), log.Body.StringValue));
    }

    public static string? Value(IEnumerable<KeyValue> attributes, string key) => attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value switch
    {
        null => null,
        { HasStringValue: true } text => text.StringValue,
        var number => $"{number.IntValue}",
    };

    private string Role(Resource resource)
    {
        Services[Value(resource.Attributes, "service.name") ?? ""] = true;
        return Value(resource.Attributes, "basgd.role") ?? "";
    }
}
