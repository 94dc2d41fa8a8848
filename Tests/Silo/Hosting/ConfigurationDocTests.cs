using Basgd.Grains;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Configuration;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Options are written down once, in their classes: docs/configuration.md and <c>--help</c> say what stands there.</summary>
public sealed class ConfigurationDocTests
{
    [Fact]
    public void EveryOptionIsDescribedWithItsDefaultAndItsShortName()
    {
        var written = File.ReadLines(Repository.PathOf("docs/configuration.md")).Where(static line => line.StartsWith("| `Basgd:", StringComparison.Ordinal));
        var options =
            from option in OptionCatalog.Silo.All
            let shortName = option.ShortName is { } name ? $" `{name}` " : " "
            select $"| `{option.Name}` |{shortName}| {option.Default ?? "none"} | {option.Meaning} |";
        written.ShouldBe(options, ignoreOrder: true);
    }

    [Fact]
    public void Every_class_of_options_has_its_section()
    {
        var classes = new[] { typeof(WorkerOptions).Assembly, typeof(SiloOptions).Assembly }
            .SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(static type => type.GetProperties().Any(static property => property.SetMethod is { IsPublic: true }));
        OptionCatalog.Classes.ShouldBe(classes, ignoreOrder: true);
    }

    [Fact]
    public void Every_short_name_stands_for_an_option() =>
        SiloHost.Switches.Values.ShouldAllBe(static name => OptionCatalog.Silo.Find(name) != null);

    [Fact]
    public void Help_names_every_option_and_mode_with_its_meaning()
    {
        var help = string.Join('\n', OptionHelp.Lines(OptionCatalog.Silo));
        foreach (var option in OptionCatalog.Silo.All) help.ShouldContain($"--{option.Name}\n");
        foreach (var mode in SiloArguments.Modes.Keys) help.ShouldContain($"  {mode}\n");
        help.ShouldContain("  --slots, --Basgd:Worker:Slots\n      Workers this silo acts as at once; 0 trains nothing but still evaluates. Default: 64.");
        help.ShouldContain("what that costs is in docs/observability.md.");
        help.Split('\n').ShouldAllBe(static line => line.Length <= 120);
    }
}
