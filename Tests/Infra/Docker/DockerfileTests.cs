using System.Text.RegularExpressions;
using System.Xml.Linq;
using Basgd.Silo.Hosting.Health;

namespace Basgd.Infra.Tests.Docker;

/// <summary>Infra/docker/Dockerfile, read as it stands; whether it builds is in docs/deploy.md, for that takes a container engine.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("Infra/docker/Dockerfile"));

    [Fact]
    public void BasesArePinnedToARelease()
    {
        var bases = Lines.Where(static line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains("mcr.microsoft.com", StringComparison.Ordinal)).ToList();
        bases.Count.ShouldBe(3);
        foreach (var line in bases) line.ShouldMatch(@":10\.0\.\d+-noble(-chiseled)?$");
        foreach (var line in Lines.Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal))) line.ShouldMatch(@"^FROM (\$\{(SDK|ASPNET|RUNTIME)\}|sources) AS [a-z-]+$");
    }

    [Theory]
    [InlineData("Silo/Silo.csproj")]
    [InlineData("Client/Client.csproj")]
    public void EveryProjectThatIsBuiltIsRestored(string project)
    {
        foreach (var needed in Closure(project)) Lines.ShouldContain($"COPY {needed} {Path.GetDirectoryName(needed)}/");
    }

    [Fact]
    public void ImagesRunAsSomebodyWhoIsNotRoot()
    {
        foreach (var image in new[] { "silo", "client" })
            Stage(image).ShouldContain("USER 1654:1654", customMessage: image);
    }

    [Fact]
    public void LibtorchPackagesAndBasgdAreLayersInThisOrder()
    {
        Stage("silo").Where(static line => line.StartsWith("COPY --from=silo-build /out/", StringComparison.Ordinal)).Select(static line => line.Split('/')[2].Split(' ')[0])
            .ShouldBe(["torch", "packages", "own"]);
    }

    [Fact]
    public void HealthIsAskedForByTheSiloItself() =>
        Stage("silo").Single(static line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal)).ShouldEndWith($"CMD [\"dotnet\", \"/app/Basgd.Silo.dll\", \"{HealthProbe.Switch}\"]");

    [Fact]
    public void ASiloAcceptsTheDefaultsOfTheImageAndItsPortsAreOpened()
    {
        var environment = Variable().Matches(string.Join('\n', Stage("silo"))).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);
        SiloConfiguration.Unknown(environment.Keys).ShouldBeEmpty();

        environment["Basgd__Silo__Address"].ShouldBe("host");
        environment["Basgd__Silo__Address"] = "10.0.0.7"; // This machine's name may stand for no address that others reach.
        var silo = SiloConfiguration.Read(environment).Silo;
        Stage("silo").ShouldContain($"EXPOSE {silo.SiloPort} {silo.GatewayPort} {silo.HealthPort}");
        Stage("silo").ShouldContain($"COPY --from=silo-build --chown=1654:1654 /out/empty {silo.State}");
    }

    private static List<string> Stage(string name) =>
        [.. Lines.SkipWhile(line => !line.EndsWith($" AS {name}", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.StartsWith("FROM ", StringComparison.Ordinal))];

    /// <summary>The project and all that it refers to, by their paths from the root.</summary>
    private static IEnumerable<string> Closure(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetRelativePath(Repository.PathOf("."), Repository.PathOf(Path.Combine(folder, reference.Attribute("Include")!.Value))))
            .SelectMany(Closure)
            .Prepend(project)
            .Distinct();
    }

    [GeneratedRegex(@"\b([A-Z]\w*)=(\S+)")]
    private static partial Regex Variable();
}
