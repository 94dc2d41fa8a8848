using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>What an overlay asks a cluster for: built by kubectl, read by Kubernetes' own types, unknown fields refused.</summary>
internal sealed class Overlay
{
    public const string Dev = "dev";
    public const string Gpu = "gpu";
    public const string Azure = "azure";
    public const string Tls = "tls";
    public const string Example = "example";

    public static TheoryData<string> Every => [Dev, Gpu, Azure, Tls, Example];

    private static readonly ConcurrentDictionary<string, Task<Overlay>> Built = new();

    private readonly IReadOnlyList<object> objects;

    private Overlay(IReadOnlyList<object> objects) => this.objects = objects;

    public static Task<Overlay> Build(string name) => Built.GetOrAdd(name, static async name =>
    {
        var (yaml, _) = await Tool.Run("kubectl", "kustomize", Repository.PathOf($"Infra/kubernetes/overlays/{name}"));
        return new Overlay(KubernetesYaml.LoadAllFromString(yaml, CustomResources.Types, strict: true));
    });

    public IEnumerable<T> All<T>() => objects.OfType<T>();

    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Everything => objects.Cast<IKubernetesObject<V1ObjectMeta>>();

    /// <summary>The pods that it would make, by the name of what makes them.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Pod)> Pods =>
        All<V1StatefulSet>().Select(static set => (set.Metadata.Name, set.Spec.Template))
            .Concat(All<V1Deployment>().Select(static deployment => (deployment.Metadata.Name, deployment.Spec.Template)));

    public IEnumerable<(string Name, V1PodTemplateSpec Pod)> Silos => Pods.Where(static made => made.Pod.Metadata.Labels["app.kubernetes.io/name"] == "basgd-silo");

    public IEnumerable<(string Pod, V1Container Container)> Containers =>
        from made in Pods
        from container in made.Pod.Spec.Containers.Concat(made.Pod.Spec.InitContainers ?? [])
        select (made.Name, container);

    /// <summary>What the volume claims; null if it claims nothing.</summary>
    public V1PersistentVolumeClaim? Claim(V1Volume volume) =>
        volume.PersistentVolumeClaim is { ClaimName: var name } ? All<V1PersistentVolumeClaim>().Single(claim => claim.Metadata.Name == name) : null;

    /// <summary>The pods of silos with this role.</summary>
    public V1PodTemplateSpec Silo(string role) => Silos.Single(made => made.Pod.Metadata.Labels["app.kubernetes.io/component"] == role).Pod;

    /// <summary>The variables of a container, with something that fits in place of what only a cluster knows.</summary>
    public Dictionary<string, string> Environment(V1Container container)
    {
        var variables = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
            foreach (var (name, value) in All<V1ConfigMap>().Single(map => map.Metadata.Name == source.ConfigMapRef.Name).Data)
                variables[name] = value;
        foreach (var variable in container.Env ?? []) variables[variable.Name] = variable.Value ?? Stand(variable.ValueFrom);
        return variables;
    }

    private static string Stand(V1EnvVarSource source) => source switch
    {
        { FieldRef.FieldPath: "status.podIP" } => "10.0.0.7",
        { FieldRef: not null } => source.FieldRef.FieldPath,
        { SecretKeyRef: { Name: "basgd-tokens", Key: var key } } => $"a-token-that-is-for-{key}",
        { SecretKeyRef: not null } => "redis://user:password@redis:6379",
        _ => throw new NotSupportedException($"a value from {source}"),
    };
}
