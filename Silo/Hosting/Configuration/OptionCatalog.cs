using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Basgd.Contracts.Programs;
using Basgd.Grains;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Hosting.Configuration;

/// <summary>Every option that classes with <see cref="OptionsSectionAttribute"/> have, by reflection.</summary>
internal sealed class OptionCatalog
{
    /// <summary>The root of all names.</summary>
    public const string Root = "Basgd";

    private readonly Dictionary<string, SiloOption> byName;
    private readonly HashSet<string> sections;

    /// <param name="classes">Classes of options.</param>
    /// <param name="shortNames">Short names by switch.</param>
    public OptionCatalog(IEnumerable<Type> classes, IReadOnlyDictionary<string, string> shortNames)
    {
        var byOption = shortNames.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.OrdinalIgnoreCase);
        Sections =
        [
            .. from type in classes
               let section = type.GetCustomAttribute<OptionsSectionAttribute>()!.Name
               orderby section
               select (section, (IReadOnlyList<SiloOption>)[.. Read(type, section, byOption)]),
        ];
        byName = Sections.SelectMany(static section => section.Options).ToDictionary(static option => option.Name, StringComparer.OrdinalIgnoreCase);
        sections = Sections.SelectMany(static section => Prefixes(section.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The options of a silo.</summary>
    public static OptionCatalog Silo { get; } = new(Classes, SiloHost.Switches);

    /// <summary>The classes of options of a silo.</summary>
    public static IEnumerable<Type> Classes => new[] { typeof(WorkerOptions).Assembly, typeof(SiloOptions).Assembly }
        .SelectMany(static assembly => assembly.GetTypes())
        .Where(static type => type.IsDefined(typeof(OptionsSectionAttribute), inherit: false));

    public IReadOnlyList<(string Name, IReadOnlyList<SiloOption> Options)> Sections { get; }

    public IEnumerable<SiloOption> All => byName.Values;

    /// <summary>The option of this full name; null if there is none.</summary>
    public SiloOption? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Whether options begin with this name.</summary>
    public bool IsSection(string name) => sections.Contains(name);

    /// <summary>The line that refuses an unknown name. It has no value: what was meant to be a token may be one.</summary>
    public string Refuse(string name) => $"{name}: unknown option; the nearest known one is {NearestName.Find(name, byName.Keys)}";

    private static IEnumerable<SiloOption> Read(Type type, string section, Dictionary<string, string> shortNames)
    {
        var defaults = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties().Where(static property => property.SetMethod is { IsPublic: true }))
        {
            var name = $"{section}:{property.Name}";
            var form = FormOf(property.PropertyType);
            var value = form == OptionForm.Several ? null : Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture);
            yield return new SiloOption(
                name,
                shortNames.GetValueOrDefault(name),
                string.IsNullOrEmpty(value) ? null : value,
                property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
                form,
                property.GetCustomAttribute<PasswordPropertyTextAttribute>() is { Password: true });
        }
    }

    private static OptionForm FormOf(Type type) =>
        type == typeof(bool) ? OptionForm.Switch
        : type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? OptionForm.Several
        : OptionForm.Value;

    /// <summary><c>Basgd:Storage:File</c> and all above it.</summary>
    private static IEnumerable<string> Prefixes(string section)
    {
        for (var end = section.Length; end > 0; end = section.LastIndexOf(':', end - 1)) yield return section[..end];
    }
}
