using System.Globalization;
using Basgd.Aggregation;

namespace Basgd.Client.Verbs;

/// <summary>How a rule or an attack is written.</summary>
internal static class Parameters
{
    /// <summary><c>name(key=default, …)</c>; a key alone where the job decides.</summary>
    public static string Form(string name, IReadOnlyList<ParameterInfo> parameters) => parameters.Count == 0
        ? name
        : $"{name}({string.Join(", ", parameters.Select(static p => p.Default is { } value ? string.Create(CultureInfo.InvariantCulture, $"{p.Name}={value}") : p.Name))})";
}
