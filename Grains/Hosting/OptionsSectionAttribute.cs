namespace Basgd.Grains.Hosting;

/// <summary>
/// Marks a class of options of the silo with its configuration section. What each option means is its
/// <see cref="System.ComponentModel.DescriptionAttribute"/>: help and docs/configuration.md are made from it.
/// </summary>
/// <param name="name">Such as <c>Basgd:Worker</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptionsSectionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
