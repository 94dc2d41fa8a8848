using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Basgd.Infra.Tests;

/// <summary>The environment of a container, read as a silo reads it.</summary>
internal static partial class SiloConfiguration
{
    /// <summary>Variables that the silo takes from elsewhere than its options: where data are, and whose pod it is.</summary>
    private static readonly string[] Others = ["BASGD_DATA", "XDG_CACHE_HOME", "POD_NAME", "POD_NAMESPACE"];

    private static readonly HashSet<string> Secrets = typeof(SiloSettings).Assembly.GetTypes()
        .SelectMany(static type => type.GetProperties())
        .Where(static property => property.GetCustomAttribute<PasswordPropertyTextAttribute>() is { Password: true })
        .Select(static property => property.Name)
        .ToHashSet();

    /// <summary>Every option there is: docs/configuration.md, which a test of the silo keeps to the options classes.</summary>
    public static IReadOnlySet<string> Options { get; } = OptionRow().Matches(Repository.Read("docs/configuration.md")).Select(static row => row.Groups[1].Value).ToHashSet();

    /// <summary>Names in the environment that nothing reads. Those of .NET, of OpenTelemetry and of NVIDIA's runtime are standards of their own.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<string> names) =>
        names.Where(static name => !Options.Contains(Option(name)) && !Others.Contains(name) && !name.StartsWith("DOTNET_", StringComparison.Ordinal) && !name.StartsWith("OTEL_", StringComparison.Ordinal) && !name.StartsWith("NVIDIA_", StringComparison.Ordinal));

    /// <summary>Whether the variable is an option that a silo never shows: a token, or a connection, with a password in it.</summary>
    public static bool IsSecret(string name) => Secrets.Contains(name.Split("__")[^1]);

    /// <summary>Without <c>Basgd:Tls</c>, whose files are where the container runs.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A silo would refuse it.</exception>
    public static SiloSettings Read(IEnumerable<KeyValuePair<string, string>> environment) =>
        SiloSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(static variable => KeyValuePair.Create(Option(variable.Key), (string?)variable.Value)).Where(static option => !IsFile(option.Key)))
            .Build());

    /// <summary>With the files of this folder in place of those that <c>Basgd:Tls</c> names.</summary>
    /// <inheritdoc cref="Read(IEnumerable{KeyValuePair{string, string}})"/>
    public static SiloSettings Read(IEnumerable<KeyValuePair<string, string>> environment, string certificates) =>
        SiloSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(variable => KeyValuePair.Create(Option(variable.Key), (string?)(IsFile(Option(variable.Key)) ? Path.Combine(certificates, Path.GetFileName(variable.Value)) : variable.Value))))
            .Build());

    private static bool IsFile(string option) => option.StartsWith("Basgd:Tls:", StringComparison.Ordinal);

    private static string Option(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(Basgd:[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex OptionRow();
}
