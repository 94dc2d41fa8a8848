namespace Basgd.Contracts;

/// <summary>Reads a job spec from YAML. Says what is written there, not whether it makes sense: that is <see cref="JobSpecValidator"/>'s part.</summary>
public static class JobSpecFile
{
    /// <summary>The spec a YAML text asks for; fields it leaves out have their defaults.</summary>
    /// <param name="yaml">A mapping of <see cref="JobSpec"/>'s members in lower camel case. Rule and attack may be text or structured.</param>
    /// <exception cref="JobSpecException">Malformed, or unknown or repeated keys, or values of a wrong type; all of them, each with its line.</exception>
    public static JobSpec Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var spec = new JobSpec();
        var root = SpecNode.Read(yaml);
        if (root is null) return spec;
        if (root is not SpecMap map) throw new JobSpecException([$"line {root.Line}: {root}: a job spec is a mapping of fields to values, such as `workers: 8`"]);

        List<string> problems = [];
        foreach (var (entry, field) in Known(map, problems))
        {
            try
            {
                field.Property.SetValue(spec, SpecValue.Read(field, entry.Value));
            }
            catch (FormatException wrong)
            {
                problems.Add($"line {entry.Line}: {entry.Key} = {entry.Value}: {wrong.Message}");
            }
        }

        return problems.Count == 0 ? spec : throw new JobSpecException(problems);
    }

    private static IEnumerable<(SpecEntry Entry, JobSpecField Field)> Known(SpecMap map, List<string> problems)
    {
        Dictionary<string, long> seen = [];
        foreach (var entry in map.Entries)
        {
            if (!seen.TryAdd(entry.Key, entry.Line)) problems.Add($"line {entry.Line}: {entry.Key} = {entry.Value}: given already in line {seen[entry.Key]}; a field may be given once");
            else if (JobSpecField.All.FirstOrDefault(f => f.Name == entry.Key) is { } field) yield return (entry, field);
            else problems.Add($"line {entry.Line}: {entry.Key} = {entry.Value}: unknown field; known: {string.Join(", ", JobSpecField.All.Select(static f => f.Name))}");
        }
    }
}
