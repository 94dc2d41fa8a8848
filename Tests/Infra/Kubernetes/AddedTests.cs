using Basgd.Silo.Hosting;
using k8s.Models;
using YamlDotNet.Serialization;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>What overlays may add: who scrapes silos, where tokens come from, where data sets stay.</summary>
public sealed class AddedTests
{
    [Fact]
    public async Task A_PodMonitor_asks_every_silo_on_the_port_of_its_metrics()
    {
        var overlay = await Overlay.Build(Overlay.Example);
        var monitor = overlay.All<PodMonitor>().Single().Spec;
        var endpoint = monitor.PodMetricsEndpoints.Single();
        foreach (var (pod, template) in overlay.Silos)
        {
            foreach (var (label, value) in monitor.Selector.MatchLabels) template.Metadata.Labels[label].ShouldBe(value, pod);
            template.Spec.Containers[0].Ports.ShouldContain(port => port.Name == endpoint.Port, pod);

            // The rules of Infra/monitoring ask for this job.
            template.Metadata.Labels[monitor.JobLabel].ShouldBe("basgd", pod);
        }

        endpoint.Path.ShouldBe("/metrics");
    }

    [Fact]
    public async Task A_plain_Prometheus_finds_every_silo_by_a_name_that_stands_for_all_of_them()
    {
        var overlay = await Overlay.Build(Overlay.Gpu);
        var job = new DeserializerBuilder().Build().Deserialize<Dictionary<string, dynamic>>(Configuration(overlay))["scrape_configs"][0];
        ((string)job["job_name"]).ShouldBe("basgd");
        var names = job["dns_sd_configs"][0];
        var service = overlay.All<V1Service>().Single(made => made.Metadata.Name == (string)names["names"][0]);
        service.Spec.ClusterIP.ShouldBe("None");
        service.Spec.PublishNotReadyAddresses.ShouldBe(true);
        ((string)names["port"]).ShouldBe($"{service.Spec.Ports.Single().Port}");
        foreach (var (pod, template) in overlay.Silos)
            foreach (var (label, value) in service.Spec.Selector) template.Metadata.Labels[label].ShouldBe(value, pod);
    }

    [Theory]
    [MemberData(nameof(PodTests.Overlays), MemberType = typeof(PodTests))]
    public async Task What_is_built_may_be_a_template_of_a_chart_as_it_is(string name) =>
        (await Tool.Run("kubectl", "kustomize", Repository.PathOf($"Infra/kubernetes/overlays/{name}"))).Output.ShouldNotContain("{{");

    [Fact]
    public async Task Promtool_accepts_its_configuration()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, Configuration(await Overlay.Build(Overlay.Gpu)));
            await Tool.Run("promtool", "check", "config", path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Secrets_from_outside_have_every_key_that_silos_read()
    {
        var overlay = await Overlay.Build(Overlay.Example);
        var made = overlay.All<ExternalSecret>().ToDictionary(static secret => secret.Spec.Target.Name, static secret => secret.Spec);
        var read =
            from silo in overlay.Silos
            from variable in silo.Pod.Spec.Containers[0].Env
            let secret = variable.ValueFrom?.SecretKeyRef
            where secret is not null
            select (secret.Name, secret.Key);
        made.SelectMany(static secret => secret.Value.Data.Select(data => (secret.Key, data.SecretKey))).ShouldBe(read.Distinct(), ignoreOrder: true);
        foreach (var secret in made.Values)
        {
            secret.SecretStoreRef.Name.ShouldBe("basgd");
            secret.Data.Select(static data => data.RemoteRef.Key).Distinct().Count().ShouldBe(secret.Data.Count);
        }
    }

    [Theory]
    [InlineData(Overlay.Azure)]
    [InlineData(Overlay.Example)]
    public async Task Data_sets_outlive_the_pod_that_fetched_them_and_are_shared(string name)
    {
        var overlay = await Overlay.Build(name);
        var worker = overlay.Silo(SiloRole.Worker).Spec;
        var environment = overlay.Environment(worker.Containers[0]);
        var mount = worker.Containers[0].VolumeMounts.Single(mount => mount.MountPath == environment["BASGD_DATA"]);
        mount.MountPath.ShouldBe(environment["XDG_CACHE_HOME"]);
        var volume = worker.Volumes.Single(volume => volume.Name == mount.Name);
        volume.EmptyDir.ShouldBeNull();
        var claim = overlay.Claim(volume).ShouldNotBeNull();
        claim.Spec.AccessModes.ShouldBe(["ReadWriteMany"]);
        if (name == Overlay.Azure) claim.Spec.StorageClassName.ShouldBe("azurefile-csi");
    }

    /// <summary>What the Prometheus of the namespace reads.</summary>
    private static string Configuration(Overlay overlay) =>
        overlay.All<V1ConfigMap>().Single(static map => map.Metadata.Name.StartsWith("prometheus", StringComparison.Ordinal)).Data["prometheus.yml"];
}
