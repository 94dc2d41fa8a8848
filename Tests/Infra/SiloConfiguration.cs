using System.Text.RegularExpressions;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Basgd.Infra.Tests;

/// <summary>The environment of a container, read as a silo reads it.</summary>
internal static partial class SiloConfiguration
{
    /// <summary>Variables that the silo takes from elsewhere than its options: where data are, and whose pod it is.</summary>
    private static readonly string[] Others = ["BASGD_DATA", "XDG_CACHE_HOME", "POD_NAME", "POD_NAMESPACE"];

    /// <summary>Every option there is: docs/configuration.md, which a test of the silo keeps to the options classes.</summary>
    public static IReadOnlySet<string> Options { get; } = OptionRow().Matches(Repository.Read("docs/configuration.md")).Select(static row => row.Groups[1].Value).ToHashSet();

    /// <summary>Names in the environment that nothing reads. Those of OpenTelemetry and of NVIDIA's runtime are standards of their own.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<string> names) =>
        names.Where(static name => !Options.Contains(name.Replace("__", ":", StringComparison.Ordinal)) && !Others.Contains(name) && !name.StartsWith("OTEL_", StringComparison.Ordinal) && !name.StartsWith("NVIDIA_", StringComparison.Ordinal));

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A silo would refuse it.</exception>
    public static SiloSettings Read(IEnumerable<KeyValuePair<string, string>> environment) =>
        SiloSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(static variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
            .Build());

    [GeneratedRegex(@"^\| `(Basgd:[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex OptionRow();
}
