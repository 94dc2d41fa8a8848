namespace Basgd.Protocol;

/// <summary>Rounds in a row, of those that tell anything of a worker, in which it was believed Byzantine. Immutable.</summary>
/// <param name="Rounds">How many.</param>
/// <param name="With">In how many of them each other worker contributed to the same buffer.</param>
public sealed record Streak(int Rounds, IReadOnlyDictionary<int, int> With)
{
    public static Streak None { get; } = new(0, new Dictionary<int, int>());

    /// <summary>
    /// Rounds without the one that was there most often: all that cannot be another worker's doing. Of two that always share a buffer
    /// belief would rather take the one that sends more, as a mean tells more of it.
    /// </summary>
    public int Alone => Rounds - (With.Count == 0 ? 0 : With.Values.Max());

    /// <summary>With one more round.</summary>
    /// <param name="others">Who contributed to the same buffer.</param>
    public Streak Next(IEnumerable<int> others)
    {
        var with = new Dictionary<int, int>(With);
        foreach (var other in others) with[other] = with.GetValueOrDefault(other) + 1;
        return new Streak(Rounds + 1, with);
    }
}
