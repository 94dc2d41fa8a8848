using System.Globalization;
using Basgd.Grains;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Hosting.Clustering;
using Basgd.Silo.Page;
using Basgd.Silo.Storage;
using Basgd.Silo.Telemetry;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>docs/configuration.md has a row for each option, with its default and its short name, and no other.</summary>
public sealed class ConfigurationDocTests
{
    private static readonly (string Section, object Defaults)[] Sections =
    [
        ("Basgd:Silo", new SiloOptions()),
        ("Basgd:Cluster", new ClusteringOptions()),
        ("Basgd:Access", new AccessOptions()),
        ("Basgd:Tls", new TlsOptions()),
        ("Basgd:Storage", new StorageOptions()),
        ("Basgd:Storage:File", new FileStorageOptions()),
        ("Basgd:Storage:Redis", new RedisStorageOptions()),
        ("Basgd:Storage:Postgres", new PostgresStorageOptions()),
        ("Basgd:Storage:AzureBlob", new AzureBlobStorageOptions()),
        ("Basgd:Page", new PageOptions()),
        ("Basgd:Worker", new WorkerOptions()),
        ("Basgd:Job", new JobOptions()),
        ("Basgd:Telemetry", new TelemetryOptions()),
    ];

    [Fact]
    public void EveryOptionIsDescribedWithItsDefaultAndItsShortName()
    {
        var written = File.ReadLines(Repository.PathOf("docs/configuration.md"))
            .Where(static line => line.StartsWith("| `Basgd:", StringComparison.Ordinal))
            .Select(static line => string.Join('|', line.Split('|').Skip(1).Take(3).Select(static cell => cell.Trim(' ', '`'))));

        var options =
            from section in Sections
            from property in section.Defaults.GetType().GetProperties()
            where property.CanWrite
            let name = $"{section.Section}:{property.Name}"
            let shortName = SiloHost.Switches.FirstOrDefault(pair => pair.Value == name).Key ?? ""
            let value = Convert.ToString(property.GetValue(section.Defaults), CultureInfo.InvariantCulture)
            select $"{name}|{shortName}|{(string.IsNullOrEmpty(value) ? "none" : value)}";
        written.ShouldBe(options, ignoreOrder: true);
    }
}
