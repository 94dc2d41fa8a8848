using Basgd.Contracts.Connections;
using Basgd.Silo.Hosting.Checks;
using Basgd.Tests.Certificates;

namespace Basgd.Silo.Tests.Hosting.Access;

public sealed class TlsIdentityTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Authority authority;

    public TlsIdentityTests() => authority = new Authority(directory.Path, "authority");

    public void Dispose()
    {
        authority.Dispose();
        directory.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_is_wrong_with_the_files_is_said_by_the_option()
    {
        using var stranger = new Authority(directory.Path, "stranger");
        var silo = authority.Silo();
        (await Check(silo)).ShouldNotContain("wrong");
        (await Check(authority.Sign("old", Now.AddDays(-3), Now.AddDays(-2), Authority.Server, Authority.Client))).ShouldContain("must be in force: it expired");
        (await Check(authority.Sign("young", Now.AddDays(2), Now.AddDays(3), Authority.Server, Authority.Client))).ShouldContain("must be in force: it is not before");
        (await Check(stranger.Silo() with { Authority = authority.Path })).ShouldContain("must be signed by Basgd:Tls:Authority (");
        (await Check(authority.ForClient())).ShouldContain("must be for servers and clients");
        (await Check(silo with { Key = authority.Silo("other").Key })).ShouldContain("must be the private key of Basgd:Tls:Certificate, in PEM");
        (await Check(silo with { Key = "/no/such/file" })).ShouldContain("wrong   Basgd:Tls:Key = /no/such/file: must be a file that can be read");
        (await Check(silo with { Authority = "" })).ShouldContain("wrong   Basgd:Tls:Authority = : must be given where another file of TLS is");
        (await Check(silo with { Authority = silo.Key })).ShouldContain("must have a certificate in PEM");
    }

    [Fact]
    public void Renewed_files_are_taken_and_wrong_ones_are_not()
    {
        var files = authority.Silo();
        TlsFileException? refused = null;
        var credentials = new TlsCredentials(files, isSilo: true, TimeProvider.System) { Refused = wrong => refused = wrong };
        var first = credentials.Current();
        credentials.Current().ShouldBeSameAs(first);

        authority.Silo();
        var second = credentials.Current();
        second.Certificate.Thumbprint.ShouldNotBe(first.Certificate.Thumbprint);

        File.WriteAllText(files.Certificate, "half of a cert");
        credentials.Current().ShouldBeSameAs(second);
        refused!.File.ShouldBe(nameof(TlsFiles.Certificate));
    }

    private async Task<string> Check(TlsFiles files)
    {
        var printed = new StringWriter();
        await SiloCheck.Run([SiloCheck.Switch, "--state", Path.Combine(directory.Path, "state"), $"--Basgd:Tls:Certificate={files.Certificate}", $"--Basgd:Tls:Key={files.Key}", $"--Basgd:Tls:Authority={files.Authority}"], printed);
        printed.ToString().ShouldNotContain("-----");
        return printed.ToString();
    }
}
