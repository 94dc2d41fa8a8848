using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Basgd.Grains.Hosting;

/// <summary>Checks options by their DataAnnotations, with messages that name option, value and rule.</summary>
public static class OptionsRules
{
    /// <returns>A line for each broken rule.</returns>
    /// <param name="section">Configuration section, such as <c>Basgd:Worker</c>.</param>
    public static IReadOnlyList<string> Check(object options, string section) =>
    [
        .. from property in options.GetType().GetProperties()
           from rule in property.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()
           let value = property.GetValue(options)
           where !rule.IsValid(value)
           select string.Create(CultureInfo.InvariantCulture, $"{section}:{property.Name} = {value}: {Say(rule)}"),
    ];

    private static string Say(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"must be {range.Minimum} … {range.Maximum}"),
        RequiredAttribute => "must be given",
        _ => rule.FormatErrorMessage("It"),
    };
}

/// <summary><see cref="OptionsRules"/> at start.</summary>
internal sealed class OptionsRules<T>(string section) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options) =>
        OptionsRules.Check(options, section) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
