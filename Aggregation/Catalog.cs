namespace Basgd.Aggregation;

/// <summary>Finds what is asked for among what is built in.</summary>
internal static class Catalog
{
    /// <exception cref="ArgumentException">Malformed, or unknown: the message lists what is known.</exception>
    public static (NamedParameters Asked, TEntry Found) Find<TEntry>(string text, string kind, IReadOnlyList<TEntry> entries, Func<TEntry, string> name)
    {
        ArgumentNullException.ThrowIfNull(text);
        NamedParameters asked;
        try
        {
            asked = NamedParameters.Parse(text);
        }
        catch (FormatException malformed)
        {
            throw new ArgumentException($"{kind}: {malformed.Message}", malformed);
        }

        foreach (var entry in entries)
        {
            if (name(entry) == asked.Name) return (asked, entry);
        }

        throw new ArgumentException($"{kind} '{asked.Name}' is unknown. Known: {string.Join(", ", entries.Select(name))}.");
    }
}
