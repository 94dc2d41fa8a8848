using Basgd.Silo.Hosting;

namespace Basgd.Infra.Tests.Compose;

/// <summary>Infra/compose/compose.yaml: that the files it mounts are there, that its silos accept what they are given, that it is locked down.</summary>
public sealed class ComposeTests
{
    private const string Folder = "Infra/compose";
    private static readonly ComposeFile Whole = ComposeFile.Read($"{Folder}/compose.yaml");
    private static readonly IReadOnlyDictionary<string, ComposeService> Services = Whole.Services;

    [Fact]
    public void SilosAcceptTheirEnvironmentOverThatOfTheImage()
    {
        foreach (var role in new[] { SiloRole.Server, SiloRole.Worker })
        {
            SiloConfiguration.Unknown(Services[role].Environment.Keys).ShouldBeEmpty(role);
            var settings = Settings(role, []);
            settings.Silo.Role.ShouldBe(role);
            settings.Access.Act.ShouldBeEmpty(role);
            settings.Page.Token.ShouldBeNull(role);
        }
    }

    [Fact]
    public void WhereThereAreTokensSilosAskForThemAndTheClientGivesTheOneThatMayAct()
    {
        Dictionary<string, string> tokens = new() { ["BASGD_ACT_TOKEN"] = "a-token-that-may-act", ["BASGD_LOOK_TOKEN"] = "a-token-that-may-look", ["BASGD_PAGE_TOKEN"] = "a-token-of-the-page" };
        foreach (var role in new[] { SiloRole.Server, SiloRole.Worker })
        {
            var settings = Settings(role, tokens);
            settings.Access.Act.ShouldBe(["a-token-that-may-act"], role);
            settings.Access.Look.ShouldBe(["a-token-that-may-look"], role);
        }

        Settings(SiloRole.Server, tokens).Page.Token.ShouldBe("a-token-of-the-page");
        Environment("basgd", tokens)["BASGD_TOKEN"].ShouldBe("a-token-that-may-act");
        tokens["BASGD_TOKEN"] = "a-token-that-may-look";
        Environment("basgd", tokens)["BASGD_TOKEN"].ShouldBe("a-token-that-may-look");
    }

    [Fact]
    public void TheExampleNamesEveryTokenAndHasNoneAndGitLeavesTheRealOneAlone()
    {
        var example = Repository.Read($"{Folder}/.env.example").Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('=')).ToList();
        example.Select(static line => line[0]).ShouldBe(Whole.Variables.Where(static name => name != "BASGD_TOKEN"), ignoreOrder: true);
        foreach (var line in example) line[1].ShouldBe("", line[0]);
        Repository.Read(".gitignore").Split('\n').ShouldContain($"/{Folder}/.env");
    }

    [Fact]
    public void ThePageIsOnThisMachine()
    {
        var page = Settings(SiloRole.Server, []).Page.Port;
        Services[SiloRole.Server].Ports.ShouldBe([$"127.0.0.1:{page}:{page}"]);
    }

    [Fact]
    public void WhatIsBuiltHereIsLockedDown()
    {
        foreach (var name in new[] { SiloRole.Server, SiloRole.Worker, "basgd" })
        {
            var service = Services[name];
            service.ReadOnly.ShouldBeTrue(name);
            service.CapDrop.ShouldBe(["ALL"], name);
            service.SecurityOpt.ShouldBe(["no-new-privileges:true"], name);
            File.Exists(Repository.PathOf($"{Folder}/{service.Build!.Context}/{service.Build.Dockerfile}")).ShouldBeTrue(name);
            File.ReadLines(Repository.PathOf(service.Build.Dockerfile)).ShouldContain(line => line.EndsWith($" AS {service.Build.Target}", StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public void SilosHaveTimeToDrain() =>
        TimeSpan.FromSeconds(int.Parse(Services[SiloRole.Server].StopGracePeriod!.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)).ShouldBeGreaterThan(new SiloOptions().DrainWithin);

    [Fact]
    public void EveryServiceHasAPinnedImageAndAMemoryLimit()
    {
        foreach (var (name, service) in Services)
        {
            service.MemLimit.ShouldNotBeNullOrEmpty(name);
            if (service.Build is null) service.Image.ShouldMatch(@":v?\d+\.\d+\.\d+(-alpine)?$", name);
        }
    }

    [Fact]
    public void What_is_built_here_has_a_version()
    {
        var built = Services.Values.Where(static service => service.Build is not null).Select(static service => service.Image).Distinct();
        built.ShouldAllBe(static image => image.EndsWith($":{Kubernetes.ImageTests.Version}", StringComparison.Ordinal));
    }

    [Fact]
    public void NothingIsReachedFromOtherMachines()
    {
        foreach (var port in Services.Values.SelectMany(static service => service.Ports)) port.ShouldStartWith("127.0.0.1:");
    }

    [Fact]
    public void WhatIsMountedIsThere()
    {
        foreach (var (name, service) in Services)
            foreach (var source in service.Volumes.Select(static volume => volume.Split(':')[0]).Where(static source => source.StartsWith('.')))
                Path.Exists(Repository.PathOf($"{Folder}/{source}")).ShouldBeTrue($"{name}: {source}");
    }

    [Fact]
    public void PrometheusAsksWhereSilosAnswer()
    {
        var image = Repository.Read("Infra/docker/Dockerfile");
        var port = Repository.Read($"{Folder}/prometheus.yml").Split("port: ")[1].Split('\n')[0];
        image.ShouldContain($"Basgd__Silo__HealthPort={port} ");
    }

    private static SiloSettings Settings(string role, Dictionary<string, string> variables) =>
        SiloConfiguration.Read(Environment(role, variables).Append(KeyValuePair.Create("Basgd__Silo__Address", "10.0.0.7")));

    private static Dictionary<string, string> Environment(string service, Dictionary<string, string> variables) =>
        Services[service].Environment.ToDictionary(static variable => variable.Key, variable => ComposeFile.Resolve(variable.Value, variables));
}
