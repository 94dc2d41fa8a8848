using Basgd.Silo.Hosting;
using YamlDotNet.Serialization;

namespace Basgd.Infra.Tests.Compose;

/// <summary>Infra/compose/compose.yaml: that the files it mounts are there, that its silos accept what they are given, that it is locked down.</summary>
public sealed class ComposeTests
{
    private const string Folder = "Infra/compose";
    private static readonly IReadOnlyDictionary<string, Service> Services = Read();

    [Fact]
    public void SilosAcceptTheirEnvironmentOverThatOfTheImage()
    {
        foreach (var role in new[] { SiloRole.Server, SiloRole.Worker })
        {
            var environment = Services[role].Environment;
            SiloConfiguration.Unknown(environment.Keys).ShouldBeEmpty(role);
            SiloConfiguration.Read(environment.Append(KeyValuePair.Create("Basgd__Silo__Address", "10.0.0.7"))).Silo.Role.ShouldBe(role);
        }
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

    private static Dictionary<string, Service> Read()
    {
        // Merge keys (<<) are no part of YAML's types: they are resolved first.
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Repository.Read($"{Folder}/compose.yaml"))));
        return new DeserializerBuilder().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build()
            .Deserialize<ComposeFile>(parser).Services;
    }

    private sealed class ComposeFile
    {
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        public Build? Build { get; set; }

        public List<string> CapDrop { get; set; } = [];

        public Dictionary<string, string> Environment { get; set; } = [];

        public string Image { get; set; } = "";

        public string? MemLimit { get; set; }

        public List<string> Ports { get; set; } = [];

        public bool ReadOnly { get; set; }

        public List<string> SecurityOpt { get; set; } = [];

        public string? StopGracePeriod { get; set; }

        public List<string> Volumes { get; set; } = [];
    }

    private sealed class Build
    {
        public string Context { get; set; } = "";

        public string Dockerfile { get; set; } = "";

        public string Target { get; set; } = "";
    }
}
