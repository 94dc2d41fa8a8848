using k8s.Models;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>The overlay with mutual TLS: certificates come in as Secrets, and who may be a silo with one.</summary>
public sealed class TlsTests
{
    private const string Mount = "/tls";

    /// <summary>What a Secret of type kubernetes.io/tls has, and the authority that cert-manager puts beside it.</summary>
    private static readonly string[] Keys = ["ca.crt", "tls.crt", "tls.key"];

    [Fact]
    public async Task SilosReadTheCertificateOfASecretThatNobodyElseInThePodMayWriteOrRead()
    {
        foreach (var (pod, template) in (await Overlay.Build(Overlay.Tls)).Silos)
        {
            var container = template.Spec.Containers[0];
            container.Env.Where(static variable => variable.Name.StartsWith("Basgd__Tls__", StringComparison.Ordinal)).Select(static variable => variable.Value)
                .ShouldBe(Keys.Select(static key => $"{Mount}/{key}"), ignoreOrder: true, pod);
            var mount = container.VolumeMounts.Single(static mount => mount.MountPath == Mount);
            mount.ReadOnlyProperty.ShouldBe(true, pod);
            var secret = template.Spec.Volumes.Single(volume => volume.Name == mount.Name).Secret;
            secret.SecretName.ShouldBe(Made("basgd-silo").SecretName, pod);
            Convert.ToString(secret.DefaultMode!.Value, 8).ShouldBe("440", pod);
            template.Spec.SecurityContext.FsGroup.ShouldBe(template.Spec.SecurityContext.RunAsGroup, pod);
        }
    }

    [Fact]
    public async Task WithoutTheComponentThereIsNoTls()
    {
        foreach (var name in new[] { Overlay.Dev, Overlay.Gpu, Overlay.Azure })
            foreach (var (pod, template) in (await Overlay.Build(name)).Silos)
                template.Spec.Containers[0].Env.ShouldNotContain(static variable => variable.Name.StartsWith("Basgd__Tls__", StringComparison.Ordinal), pod);
    }

    [Fact]
    public void ACertificateOfSilosIsForBothSidesAndOneOfClientsForTheirsAlone()
    {
        Made("basgd-silo").Usages.ShouldBe(["digital signature", CertManager.Server, CertManager.Client]);
        Made("basgd-client").Usages.ShouldBe(["digital signature", CertManager.Client]);
        Made("basgd-client").SecretName.ShouldNotBe(Made("basgd-silo").SecretName);
    }

    [Fact]
    public async Task OneAuthoritySignsThemAndTheyAreRenewed()
    {
        var issuers = (await Overlay.Build(Overlay.Tls)).All<Issuer>().ToDictionary(static issuer => issuer.Metadata.Name);
        foreach (var name in new[] { "basgd-silo", "basgd-client" })
        {
            var made = Made(name);
            var authority = Made(issuers[made.IssuerRef.Name].Metadata.Name);
            issuers[made.IssuerRef.Name].Spec.Authority!.SecretName.ShouldBe(authority.SecretName, name);
            authority.IsAuthority.ShouldBeTrue(name);
            issuers[authority.IssuerRef.Name].Spec.SelfSigned.ShouldNotBeNull(name);
            made.IsAuthority.ShouldBeFalse(name);
            made.PrivateKey.RotationPolicy.ShouldBe("Always", name);
            Hours(made.RenewBefore).ShouldBeInRange(24, Hours(made.Duration) / 2, name);
            Hours(made.Duration).ShouldBeLessThan(Hours(authority.Duration), name);
        }
    }

    private static CertificateSpec Made(string name) => Overlay.Build(Overlay.Tls).GetAwaiter().GetResult().All<Certificate>().Single(certificate => certificate.Metadata.Name == name).Spec;

    private static int Hours(string duration) => int.Parse(duration.TrimEnd('h'), System.Globalization.CultureInfo.InvariantCulture);
}
