using k8s;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>The types of a cluster's extensions that the manifests make use of.</summary>
internal static class CustomResources
{
    public static IDictionary<string, Type> Types { get; } = new Dictionary<string, Type>(CertManager.Types)
    {
        ["external-secrets.io/v1/ExternalSecret"] = typeof(ExternalSecret),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
    };
}

/// <summary>An object of an extension. A field that its class does not have is refused.</summary>
internal abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : new()
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = new();
}
