using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Basgd.Silo.Hosting;

namespace Basgd.Infra.Tests.Azure;

/// <summary>Infra/azure as the Bicep compiler sees it: no error, no warning, and what the compiled template promises.</summary>
public sealed partial class BicepTests
{
    /// <summary>Where the cache listens.</summary>
    public static int CachePort { get; } = Number(PortOf().Match(Repository.Read("Infra/azure/modules/cache.bicep")).Groups[1].Value);

    private static readonly string Main = Repository.PathOf("Infra/azure/main.bicep");
    private static readonly Lazy<Task<JsonElement>> Template = new(Compile);

    [Fact]
    public async Task CompilesWithoutAWarning() => (await Template.Value).GetProperty("resources").EnumerateObject().ShouldNotBeEmpty();

    [Fact]
    public async Task LintsWithoutAWarning() => (await Bicep("lint", Main)).ShouldBe("");

    [Fact]
    public async Task ParametersFitTheTemplate() => (await Bicep("build-params", Repository.PathOf("Infra/azure/main.bicepparam"), "--stdout")).ShouldBe("");

    [Fact]
    public async Task AMistakeIsSeen()
    {
        var wrong = Path.Combine(Path.GetTempPath(), $"basgd-{Guid.NewGuid():N}.bicep");
        await File.WriteAllTextAsync(wrong, "param unused string\n");
        try
        {
            (await Bicep("lint", wrong)).ShouldContain("no-unused-params");
        }
        finally
        {
            File.Delete(wrong);
        }
    }

    [Fact]
    public async Task EveryParameterSaysWhatItIsAndWithinWhatLimits()
    {
        var parameters = Modules(await Template.Value).SelectMany(static template => template.GetProperty("parameters").EnumerateObject()).ToList();
        parameters.Count.ShouldBeGreaterThan(20);
        foreach (var parameter in parameters)
        {
            var said = parameter.Value;
            said.GetProperty("metadata").GetProperty("description").GetString().ShouldNotBeNullOrEmpty(parameter.Name);
            var limited = said.GetProperty("type").GetString() switch
            {
                "bool" => true,
                "int" => said.TryGetProperty("minValue", out _) && said.TryGetProperty("maxValue", out _),
                "array" => said.TryGetProperty("maxLength", out _),
                _ => said.TryGetProperty("minLength", out _) || said.TryGetProperty("allowedValues", out _),
            };
            limited.ShouldBeTrue($"{parameter.Name} has no limits");
        }
    }

    [Fact]
    public async Task StorageHasNoKeysAndIsNotPublic()
    {
        var account = await Resource("Microsoft.Storage/storageAccounts");
        account.GetProperty("allowSharedKeyAccess").GetBoolean().ShouldBeFalse();
        account.GetProperty("allowBlobPublicAccess").GetBoolean().ShouldBeFalse();
        account.GetProperty("minimumTlsVersion").GetString().ShouldBe("TLS1_2");
    }

    [Fact]
    public async Task OnlyTheServersServiceAccountGetsTheStorage()
    {
        // The subject is the namespace and the service account that the Kubernetes overlay gives to server silos.
        var credential = await Resource("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials");
        credential.GetProperty("subject").GetString().ShouldBe("system:serviceaccount:basgd:basgd-server");
        var server = (await Kubernetes.Overlay.Build(Kubernetes.Overlay.Azure)).All<k8s.Models.V1StatefulSet>().Single();
        $"system:serviceaccount:{server.Metadata.NamespaceProperty}:{server.Spec.Template.Spec.ServiceAccountName}".ShouldBe(credential.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task TheClusterHasWorkloadIdentityPoliciesAndNoLocalAccounts()
    {
        var cluster = await Resource("Microsoft.ContainerService/managedClusters");
        cluster.GetProperty("disableLocalAccounts").GetBoolean().ShouldBeTrue();
        cluster.GetProperty("oidcIssuerProfile").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        cluster.GetProperty("securityProfile").GetProperty("workloadIdentity").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        cluster.GetProperty("networkProfile").GetProperty("networkPolicy").GetString().ShouldNotBeNullOrEmpty();
        (await Resource("Microsoft.ContainerRegistry/registries")).GetProperty("adminUserEnabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task WorkersTolerateTheTaintsOfTheGpuPool()
    {
        var pool = await Resource("Microsoft.ContainerService/managedClusters/agentPools");
        pool.GetProperty("minCount").GetInt32().ShouldBe(0);
        var taints = pool.GetProperty("nodeTaints").ToString();
        var worker = (await Kubernetes.Overlay.Build(Kubernetes.Overlay.Azure)).Silo(SiloRole.Worker).Spec;
        foreach (var key in new[] { "nvidia.com/gpu", "kubernetes.azure.com/scalesetpriority" })
        {
            taints.ShouldContain(key);
            worker.Tolerations.ShouldContain(toleration => toleration.Key == key);
        }

        foreach (var (label, value) in worker.NodeSelector) pool.GetProperty("nodeLabels").GetProperty(label).GetString().ShouldBe(value);
    }

    [Fact]
    public async Task The_pool_has_a_node_for_every_worker_silo_that_there_may_be_and_none_to_begin_with()
    {
        var given = MaxGpuNodes().Match(Repository.Read("Infra/azure/main.bicepparam")).Groups[1].Value;
        (await Template.Value).GetProperty("parameters").GetProperty("maxGpuNodes").GetProperty("defaultValue").GetRawText().ShouldBe(given);
        (await Template.Value).GetProperty("outputs").GetProperty("maxWorkers").GetProperty("value").GetString()!.ShouldContain("maxGpuNodes");
        var pool = await Resource("Microsoft.ContainerService/managedClusters/agentPools");
        pool.GetProperty("maxCount").GetString()!.ShouldContain("maxGpuNodes");
        pool.GetProperty("count").GetInt32().ShouldBe(0);

        // apply.sh writes the deployment's number over this one.
        (await Kubernetes.Overlay.Build(Kubernetes.Overlay.Azure)).All<Kubernetes.ScaledObject>().Single().Spec.MaxReplicaCount.ShouldBe(Number(given));
    }

    [Fact]
    public async Task The_cluster_has_what_scales_workers()
    {
        var cluster = await Resource("Microsoft.ContainerService/managedClusters");
        cluster.GetProperty("workloadAutoScalerProfile").GetProperty("keda").GetProperty("enabled").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_device_plugin_goes_to_the_nodes_that_workers_go_to()
    {
        var plugin = k8s.KubernetesYaml.Deserialize<k8s.Models.V1DaemonSet>(Repository.Read("Infra/azure/device-plugin.yaml"), strict: true).Spec.Template.Spec;
        var worker = (await Kubernetes.Overlay.Build(Kubernetes.Overlay.Azure)).Silo(SiloRole.Worker).Spec;
        plugin.NodeSelector.ShouldBe(worker.NodeSelector);
        plugin.Tolerations.Select(Wanted).ShouldBe(worker.Tolerations.Select(Wanted));
        plugin.Containers.Single().Image.ShouldMatch(@":v\d+\.\d+\.\d+$");

        static (string, string) Wanted(k8s.Models.V1Toleration toleration) => (toleration.Key, toleration.Value);
    }

    [Fact]
    public async Task NothingPutOutIsASecret()
    {
        foreach (var output in Modules(await Template.Value).SelectMany(static template => template.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateObject() : default))
            output.Value.GetProperty("value").GetString()!.ShouldNotContain("listKeys");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<JsonElement> Compile()
    {
        var (output, error) = await Tool.Run(Compiler, "build", Main, "--stdout");
        error.ShouldBe("");
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<string> Bicep(params string[] arguments) => (await Tool.Run(Compiler, arguments)).Error;

    private static async Task<JsonElement> Resource(string type) =>
        (from template in Modules(await Template.Value)
         from resource in Resources(template)
         where resource.GetProperty("type").GetString() == type && !(resource.TryGetProperty("existing", out var existing) && existing.GetBoolean())
         select resource.GetProperty("properties")).Single();

    /// <summary>The template, and those of its modules.</summary>
    private static IEnumerable<JsonElement> Modules(JsonElement template) =>
        Resources(template)
            .Where(static resource => resource.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .Select(static module => module.GetProperty("properties").GetProperty("template"))
            .Prepend(template);

    /// <summary>A template has them by name where it uses newer parts of the language, else as a list.</summary>
    private static IEnumerable<JsonElement> Resources(JsonElement template) => template.GetProperty("resources") switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        var named => named.EnumerateObject().Select(static resource => resource.Value),
    };

    /// <summary>As the package brings it, but for the right to be run.</summary>
    private static string Compiler
    {
        get
        {
            var path = typeof(BicepTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "Bicep").Value!;
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
            return path;
        }
    }

    [GeneratedRegex(@"^param maxGpuNodes = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxGpuNodes();

    [GeneratedRegex(@"port: (\d+)")]
    private static partial Regex PortOf();
}
