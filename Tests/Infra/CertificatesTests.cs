using System.Security.Cryptography.X509Certificates;
using Basgd.Contracts.Connections;
using Basgd.Infra.Tests.Kubernetes;
using Microsoft.Extensions.Options;

namespace Basgd.Infra.Tests;

/// <summary>Infra/certificates.sh makes what silos and clients believe, under the names that the manifests mount.</summary>
public sealed class CertificatesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("basgd-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ASiloOfTheOverlayTakesThoseOfSilosAndRefusesThoseOfClients()
    {
        await Make();
        var overlay = await Overlay.Build(Overlay.Tls);
        foreach (var (pod, template) in overlay.Silos)
        {
            var environment = overlay.Environment(template.Spec.Containers[0]);
            SiloConfiguration.Read(environment, Of("silo")).Tls.ShouldNotBeNull(pod);
            Should.Throw<OptionsValidationException>(() => SiloConfiguration.Read(environment, Of("client"))).Message.ShouldContain("must be for servers and clients");
        }

        TlsIdentity.Read(Files("client"), isSilo: false, TimeProvider.System.GetUtcNow()).Certificate.Subject.ShouldBe("CN=basgd client");
    }

    [Fact]
    public async Task ItRenewsThemAndKeepsTheAuthority()
    {
        await Make();
        var authority = await File.ReadAllTextAsync(Path.Combine(folder, "authority.crt"));
        var before = Thumbprint();
        await Make();
        (await File.ReadAllTextAsync(Path.Combine(folder, "authority.crt"))).ShouldBe(authority);
        Thumbprint().ShouldNotBe(before);
        TlsIdentity.Read(Files("silo"), isSilo: true, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task NobodyElseReadsTheKeys()
    {
        await Make();
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        files.Select(file => Path.GetRelativePath(folder, file)).ShouldBe(
            ["authority.crt", "authority.key", "silo/ca.crt", "silo/tls.crt", "silo/tls.key", "client/ca.crt", "client/tls.crt", "client/tls.key"], ignoreOrder: true);
        foreach (var file in files) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    private async Task Make() => await Tool.Run("bash", Repository.PathOf("Infra/certificates.sh"), folder);

    private string Of(string who) => Path.Combine(folder, who);

    private TlsFiles Files(string who) => new(Path.Combine(Of(who), "tls.crt"), Path.Combine(Of(who), "tls.key"), Path.Combine(Of(who), "ca.crt"));

    private string Thumbprint()
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Files("silo").Certificate);
        return certificate.Thumbprint;
    }
}
