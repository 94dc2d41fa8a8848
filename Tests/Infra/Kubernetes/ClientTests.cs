using Basgd.Contracts.Programs;
using k8s;
using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>The pods that <c>kubectl run --overrides</c> makes of client.json: what the policies, the namespace and the silos want of a client.</summary>
public sealed class ClientTests
{
    private const string Plain = "Infra/kubernetes/client.json";
    private const string Tls = "Infra/kubernetes/components/tls/client.json";

    public static TheoryData<string> Files => [Plain, Tls];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task TheGatewayLetsItIn(string file)
    {
        var overlay = await Overlay.Build(Overlay.Gpu);
        var gateway = overlay.All<V1NetworkPolicy>().Single(static policy => policy.Metadata.Name == "basgd-gateway").Spec.Ingress.Single();
        Read(file).Metadata.Labels.ShouldBe(gateway.FromProperty.Single().PodSelector.MatchLabels);

        var service = overlay.All<V1Service>().Single(static service => service.Metadata.Name == "basgd-gateway");
        Container(file).Env.Single(static variable => variable.Name == "BASGD_CLUSTER").Value.ShouldBe($"{service.Metadata.Name}:{service.Spec.Ports.Single().Port}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ItGivesTheTokenThatSilosAskFor(string file)
    {
        var token = Container(file).Env.Single(static variable => variable.Name == "BASGD_TOKEN");
        var silo = (await Overlay.Build(Overlay.Gpu)).Silos.First().Pod.Spec.Containers[0].Env.Single(static variable => variable.Name == "Basgd__Access__ActToken");
        (token.ValueFrom.SecretKeyRef.Name, token.ValueFrom.SecretKeyRef.Key).ShouldBe((silo.ValueFrom.SecretKeyRef.Name, silo.ValueFrom.SecretKeyRef.Key));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryVariableIsReadByTheClient(string file) =>
        Container(file).Env.Select(static variable => variable.Name).ShouldBeSubsetOf(EnvironmentVariables.All);

    [Theory]
    [MemberData(nameof(Files))]
    public void ItIsLockedDownAsSilosAre(string file)
    {
        var spec = Read(file).Spec;
        spec.AutomountServiceAccountToken.ShouldBe(false);
        spec.SecurityContext.RunAsNonRoot.ShouldBe(true);
        spec.SecurityContext.RunAsUser.ShouldBe(1654);
        spec.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault");
        var container = Container(file);
        container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
        container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true);
        container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
        container.Resources.Limits.Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true);
    }

    [Fact]
    public async Task WithTlsItMountsTheCertificateOfClients()
    {
        var container = Container(Tls);
        var mount = container.VolumeMounts.Single(static mount => mount.Name == "tls");
        mount.ReadOnlyProperty.ShouldBe(true);
        Read(Tls).Spec.Volumes.Single(static volume => volume.Name == "tls").Secret.SecretName
            .ShouldBe((await Overlay.Build(Overlay.Tls)).All<Certificate>().Single(static certificate => !certificate.Spec.IsAuthority && !certificate.Spec.Usages.Contains(CertManager.Server)).Spec.SecretName);
        container.Env.Where(static variable => variable.Name.StartsWith("BASGD_TLS_", StringComparison.Ordinal)).Select(variable => Path.GetRelativePath(mount.MountPath, variable.Value))
            .ShouldBe(["tls.crt", "tls.key", "ca.crt"]);
        Container(Plain).Env.ShouldNotContain(static variable => variable.Name.StartsWith("BASGD_TLS_", StringComparison.Ordinal));
    }

    private static V1Pod Read(string file) => KubernetesYaml.Deserialize<V1Pod>(Repository.Read(file), strict: true);

    private static V1Container Container(string file) => Read(file).Spec.Containers.Single();
}
