using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Basgd.Grains.Hosting;

/// <summary>Checks options by their DataAnnotations, with messages that name option, value and rule. Values that are secret (<see cref="PasswordPropertyTextAttribute"/>) are not shown.</summary>
public static class OptionsRules
{
    /// <returns>A line for each broken rule.</returns>
    /// <param name="section">Configuration section, such as <c>Basgd:Worker</c>.</param>
    public static IReadOnlyList<string> Check(object options, string section)
    {
        var single =
            from property in options.GetType().GetProperties()
            from rule in property.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()
            where !rule.IsValid(property.GetValue(options))
            select Problem(options, section, property.Name, Say(rule));
        var together =
            from result in (options as IValidatableObject)?.Validate(new ValidationContext(options)) ?? []
            from name in result.MemberNames
            select Problem(options, section, name, result.ErrorMessage!);
        return [.. single, .. together];
    }

    /// <summary>A line for a broken rule.</summary>
    public static string Problem(object options, string section, string name, string rule)
    {
        var property = options.GetType().GetProperty(name)!;
        var value = property.GetValue(options);
        var shown = property.GetCustomAttribute<PasswordPropertyTextAttribute>() is { Password: true } && value is string { Length: > 0 } ? "***" : value;
        return string.Create(CultureInfo.InvariantCulture, $"{section}:{name} = {shown}: {rule}");
    }

    private static string Say(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"must be {range.Minimum} … {range.Maximum}"),
        RequiredAttribute => "must be given",
        AllowedValuesAttribute allowed => $"must be one of {string.Join(", ", allowed.Values)}",
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
