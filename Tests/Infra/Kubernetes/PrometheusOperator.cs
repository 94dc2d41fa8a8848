using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>As much of the Prometheus Operator's PodMonitor (monitoring.coreos.com/v1) as the manifests make use of.</summary>
internal sealed class PodMonitor : CustomResource<PodMonitorSpec>;

internal sealed class PodMonitorSpec
{
    public string JobLabel { get; set; } = "";

    public List<PodEndpoint> PodMetricsEndpoints { get; set; } = [];

    public V1LabelSelector Selector { get; set; } = new();
}

internal sealed class PodEndpoint
{
    public string Interval { get; set; } = "";

    public string Path { get; set; } = "";

    public string Port { get; set; } = "";
}
