namespace Basgd.Grains;

/// <summary>
/// State that a grain can do without. If no stored version is whole, storage logs an error and gives the grain a fresh state instead of
/// refusing it; the next write replaces what is there.
/// </summary>
public interface IReplaceable
{
    /// <summary>Set by storage after reading: why this is a fresh state; null if nothing is damaged. Not stored.</summary>
    string? Damage { get; set; }
}
