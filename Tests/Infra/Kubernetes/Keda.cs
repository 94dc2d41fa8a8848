using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>As much of KEDA's ScaledObject (keda.sh/v1alpha1) as the manifests make use of.</summary>
internal sealed class ScaledObject : CustomResource<ScaledObjectSpec>;

internal sealed class ScaledObjectSpec
{
    public ScalingConfig Advanced { get; set; } = new();

    public int CooldownPeriod { get; set; }

    public int InitialCooldownPeriod { get; set; }

    public int? MaxReplicaCount { get; set; }

    public int? MinReplicaCount { get; set; }

    public int PollingInterval { get; set; }

    public ScaleTarget ScaleTargetRef { get; set; } = new();

    public List<ScaleTrigger> Triggers { get; set; } = [];
}

internal sealed class ScaleTarget
{
    public string Name { get; set; } = "";
}

internal sealed class ScalingConfig
{
    public ScalerConfig HorizontalPodAutoscalerConfig { get; set; } = new();
}

internal sealed class ScalerConfig
{
    public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
}

internal sealed class ScaleTrigger
{
    public PrometheusQuery Metadata { get; set; } = new();

    public string MetricType { get; set; } = "";

    public string Type { get; set; } = "";
}

/// <summary>All of its values are strings.</summary>
internal sealed class PrometheusQuery
{
    public string IgnoreNullValues { get; set; } = "";

    public string Query { get; set; } = "";

    public string ServerAddress { get; set; } = "";

    public string Threshold { get; set; } = "";
}
