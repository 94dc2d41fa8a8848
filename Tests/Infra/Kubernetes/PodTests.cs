using System.Globalization;
using System.Text;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Health;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>What every pod of every overlay must be like.</summary>
public sealed class PodTests
{
    public static TheoryData<string> Overlays => Overlay.Every;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task NothingRunsAsRootOrGainsPrivileges(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Pods)
        {
            template.Spec.SecurityContext.RunAsNonRoot.ShouldBe(true, pod);
            template.Spec.SecurityContext.RunAsUser.ShouldNotBeNull(pod);
            template.Spec.SecurityContext.RunAsUser!.Value.ShouldBeGreaterThan(0, pod);
            template.Spec.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault", pod);
            template.Spec.HostNetwork.ShouldNotBe(true, pod);
        }

        foreach (var (pod, container) in overlay.Containers)
        {
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false, pod);
            container.SecurityContext.Privileged.ShouldNotBe(true, pod);
            container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true, pod);
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"], pod);
            container.SecurityContext.Capabilities.Add.ShouldBeNull(pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EveryContainerAsksForWhatItNeedsAndHasLimits(string name)
    {
        foreach (var (pod, container) in (await Overlay.Build(name)).Containers)
            foreach (var resource in new[] { "cpu", "memory" })
            {
                container.Resources.Requests.ShouldContainKey(resource, pod);
                container.Resources.Limits.ShouldContainKey(resource, pod);
                container.Resources.Limits[resource].ToDecimal().ShouldBeGreaterThanOrEqualTo(container.Resources.Requests[resource].ToDecimal(), $"{pod} {resource}");
            }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EverythingWrittenToIsAVolumeOfALimitedSize(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var mounts = template.Spec.Containers[0].VolumeMounts.ToDictionary(static mount => mount.MountPath, static mount => mount.Name);
            mounts.ShouldContainKey("/state", pod);
            mounts.ShouldContainKey("/tmp", pod);
            foreach (var volume in template.Spec.Volumes.Where(static volume => volume.Secret is null))
                (volume.EmptyDir?.SizeLimit ?? overlay.Claim(volume)?.Spec.Resources.Requests["storage"]).ShouldNotBeNull($"{pod} {volume.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ASiloAcceptsItsEnvironment(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var environment = overlay.Environment(template.Spec.Containers[0]);
            SiloConfiguration.Unknown(environment.Keys).ShouldBeEmpty(pod);

            var settings = SiloConfiguration.Read(environment);
            settings.Silo.Role.ShouldBe(template.Metadata.Labels["app.kubernetes.io/component"], pod);
            settings.Silo.Address.ShouldBe("10.0.0.7", pod);
            settings.Silo.ListenOnAll.ShouldBeTrue(pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task SecretsComeByReference(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, container) in overlay.Containers)
            foreach (var variable in (container.Env ?? []).Where(static variable => SiloConfiguration.IsSecret(variable.Name)))
                variable.ValueFrom.SecretKeyRef.ShouldNotBeNull($"{pod} {variable.Name}");
        overlay.All<V1ConfigMap>().SelectMany(static map => map.Data.Keys).ShouldNotContain(static key => SiloConfiguration.IsSecret(key));

        // The Redis of dev asks for no password: its address is all there is.
        foreach (var value in overlay.All<V1Secret>().SelectMany(static secret => secret.Data).Select(static data => Encoding.UTF8.GetString(data.Value)))
            value.ShouldMatch(@"^redis://redis:6379/\d$");
        overlay.All<V1Secret>().Count().ShouldBe(name == Overlay.Dev ? 1 : 0);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task SilosAskForTokensAndThePageForOneOfItsOwn(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var settings = SiloConfiguration.Read(overlay.Environment(template.Spec.Containers[0]));
            settings.Access.ActToken.ShouldBe("a-token-that-is-for-act", pod);
            settings.Access.LookToken.ShouldBe("a-token-that-is-for-look", pod);
            settings.Page.Token.ShouldBe(settings.Page.Port == 0 ? null : "a-token-that-is-for-page", pod);
            (settings.Page.Port == 0).ShouldBe(settings.Silo.Role == SiloRole.Worker, pod);

            // Without one of them a pod does not start, rather than start and ask for none.
            foreach (var variable in template.Spec.Containers[0].Env.Where(static variable => variable.ValueFrom?.SecretKeyRef is not null))
                variable.ValueFrom.SecretKeyRef.Optional.ShouldNotBe(true, $"{pod} {variable.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ProbesAskWhereTheSiloAnswers(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var container = template.Spec.Containers[0];
            container.LivenessProbe.HttpGet.Path.ShouldBe(HealthServer.Live, pod);
            container.StartupProbe.HttpGet.Path.ShouldBe(HealthServer.Live, pod);
            container.ReadinessProbe.HttpGet.Path.ShouldBe(HealthServer.Ready, pod);

            var health = SiloConfiguration.Read(overlay.Environment(container)).Silo.HealthPort;
            foreach (var probe in new[] { container.LivenessProbe, container.StartupProbe, container.ReadinessProbe })
                container.Ports.Single(port => port.Name == probe.HttpGet.Port.ToString()).ContainerPort.ShouldBe(health, pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task PortsOpenedAreThoseOfTheConfiguration(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var settings = SiloConfiguration.Read(overlay.Environment(template.Spec.Containers[0]));
            var silo = settings.Silo;
            Dictionary<string, int> expected = new() { ["silo"] = silo.SiloPort, ["gateway"] = silo.GatewayPort, ["health"] = silo.HealthPort };
            if (settings.Page.Port != 0) expected["page"] = settings.Page.Port;
            template.Spec.Containers[0].Ports.ToDictionary(static port => port.Name, static port => port.ContainerPort).ShouldBe(expected, ignoreOrder: true, pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ThereIsTimeToDrain(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var container = template.Spec.Containers[0];
            var drain = SiloConfiguration.Read(overlay.Environment(container)).Silo.DrainWithin;
            var needed = drain + TimeSpan.FromSeconds(container.Lifecycle.PreStop.Sleep.Seconds);
            TimeSpan.FromSeconds(template.Spec.TerminationGracePeriodSeconds!.Value).ShouldBeGreaterThan(needed, pod);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task PodsCarryTheLabelsByWhichSilosFindThem(string name)
    {
        var overlay = await Overlay.Build(name);
        foreach (var (pod, template) in overlay.Silos)
        {
            var cluster = SiloConfiguration.Read(overlay.Environment(template.Spec.Containers[0])).Cluster;
            cluster.WatchPods.ShouldBeTrue(pod);
            template.Metadata.Labels["orleans/clusterId"].ShouldBe(cluster.ClusterId, pod);
            template.Metadata.Labels["orleans/serviceId"].ShouldBe(cluster.ClusterId, pod);
        }
    }

    [Fact]
    public async Task GpuWorkersGoToGpuNodesAndServersDoNot()
    {
        foreach (var name in new[] { Overlay.Gpu, Overlay.Azure })
        {
            var pods = (await Overlay.Build(name)).Silos.ToDictionary(static made => made.Pod.Metadata.Labels["app.kubernetes.io/component"], static made => made.Pod.Spec);
            var worker = pods[SiloRole.Worker];
            worker.Containers[0].Resources.Limits["nvidia.com/gpu"].ToDecimal().ShouldBe(1, name);
            worker.Tolerations.ShouldContain(static toleration => toleration.Key == "nvidia.com/gpu", name);
            worker.Tolerations.ShouldContain(static toleration => toleration.Value == "spot", name);
            worker.Containers[0].Image.ShouldContain("cuda");

            var server = pods[SiloRole.Server];
            server.Containers[0].Resources.Limits.ShouldNotContainKey("nvidia.com/gpu", name);
            server.Tolerations.ShouldBeNull(name);
            server.Containers[0].Image.ShouldNotContain("cuda");
        }
    }

    [Fact]
    public async Task OnAzureServersAloneReachStorageAndByIdentity()
    {
        var overlay = await Overlay.Build(Overlay.Azure);
        foreach (var (pod, template) in overlay.Silos)
        {
            var environment = overlay.Environment(template.Spec.Containers[0]);
            environment["Basgd__Storage__Provider"].ShouldBe("azure-blob", pod);
            environment.Keys.ShouldNotContain(static key => key.StartsWith("Basgd__Storage", StringComparison.Ordinal) && key.EndsWith("Connection", StringComparison.Ordinal), pod);
            template.Metadata.Labels.ContainsKey("azure.workload.identity/use").ShouldBe(template.Metadata.Labels["app.kubernetes.io/component"] == SiloRole.Server, pod);
        }

        overlay.All<V1ServiceAccount>().Single(static account => account.Metadata.Name == "basgd-server").Metadata.Annotations.ShouldContainKey("azure.workload.identity/client-id");
    }

    [Fact]
    public async Task AnOptionThatDoesNotExistIsSeen()
    {
        var overlay = await Overlay.Build(Overlay.Dev);
        var environment = overlay.Environment(overlay.Silos.First().Pod.Spec.Containers[0]);
        environment["Basgd__Silo__SiloPorts"] = 11_111.ToString(CultureInfo.InvariantCulture);
        SiloConfiguration.Unknown(environment.Keys).ShouldBe(["Basgd__Silo__SiloPorts"]);
    }
}
