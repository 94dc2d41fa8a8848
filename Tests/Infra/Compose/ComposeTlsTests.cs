using Basgd.Contracts.Programs;
using Basgd.Silo.Hosting;

namespace Basgd.Infra.Tests.Compose;

/// <summary>Infra/compose/compose.tls.yaml, which goes on top of compose.yaml: certificates as secrets.</summary>
public sealed class ComposeTlsTests : IDisposable
{
    private const string Folder = "Infra/compose";
    private const string Secrets = "/run/secrets/";
    private static readonly ComposeFile Whole = ComposeFile.Read($"{Folder}/compose.tls.yaml");

    private readonly string made = Directory.CreateTempSubdirectory("basgd-").FullName;

    public void Dispose() => Directory.Delete(made, recursive: true);

    [Theory]
    [InlineData(SiloRole.Server, "silo")]
    [InlineData(SiloRole.Worker, "silo")]
    [InlineData("basgd", "client")]
    public async Task EveryoneIsGivenTheFilesOfItsOwnAndNoOthers(string name, string who)
    {
        await Tool.Run("bash", Repository.PathOf("Infra/certificates.sh"), made);
        var service = Whole.Services[name];
        var files = service.Environment.ToDictionary(static variable => variable.Key, variable => Source(service, variable.Value));
        service.Secrets.Count.ShouldBe(files.Count);

        // They are what Infra/certificates.sh makes, and each is what its variable calls it.
        foreach (var file in files.Values) Path.Exists(file).ShouldBeTrue(file);
        foreach (var (variable, file) in files)
        {
            var known = variable.ToUpperInvariant();
            Path.GetFileName(file).ShouldBe(known.EndsWith("CERTIFICATE", StringComparison.Ordinal) ? "tls.crt" : known.EndsWith("KEY", StringComparison.Ordinal) ? "tls.key" : "ca.crt", variable);
            if (!known.EndsWith("AUTHORITY", StringComparison.Ordinal)) Path.GetFileName(Path.GetDirectoryName(file)).ShouldBe(who, variable);
        }
    }

    [Fact]
    public void VariablesAreOptionsOfSilosAndOfTheClient()
    {
        foreach (var role in new[] { SiloRole.Server, SiloRole.Worker })
        {
            Whole.Services[role].Environment.Count.ShouldBe(3);
            SiloConfiguration.Unknown(Whole.Services[role].Environment.Keys).ShouldBeEmpty(role);
        }

        Whole.Services["basgd"].Environment.Count.ShouldBe(3);
        Whole.Services["basgd"].Environment.Keys.ShouldBeSubsetOf(EnvironmentVariables.All);
    }

    [Fact]
    public void GitLeavesThemAlone() => Repository.Read(".gitignore").Split('\n').ShouldContain($"/{Folder}/certificates/");

    /// <summary>The file that a variable's secret comes from, among those that were made.</summary>
    private string Source(ComposeService service, string value)
    {
        value.ShouldStartWith(Secrets);
        service.Secrets.ShouldContain(value[Secrets.Length..]);
        const string Certificates = "./certificates/";
        var source = Whole.Secrets[value[Secrets.Length..]].File;
        source.ShouldStartWith(Certificates);
        return Path.Combine(made, source[Certificates.Length..]);
    }
}
