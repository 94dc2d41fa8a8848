namespace Basgd.Protocol;

/// <summary>
/// Whose contributions a job refuses, since it was too sure for too long that they are Byzantine, and who is on the way there.
/// Who is in quarantine stays there until an operator lifts it, whatever is believed meanwhile. Immutable.
/// </summary>
/// <param name="Workers">In quarantine, ascending.</param>
/// <param name="Streaks">Of others: the rounds that count against them; who was not believed Byzantine in the last one that told of it is left out.</param>
public sealed record Quarantine(IReadOnlyList<int> Workers, IReadOnlyDictionary<int, Streak> Streaks)
{
    /// <summary>Belief above which a worker may well be the one that the others in its buffer are suspected for.</summary>
    private const double Doubtful = 0.5;

    public static Quarantine None { get; } = new([], new Dictionary<int, Streak>());

    /// <summary>
    /// After a step. It counts for those that contributed to it and were alone suspect in their buffer: of two that are, one may be
    /// suspected for the other, and is still believed Byzantine for some rounds after they were dealt apart.
    /// </summary>
    /// <param name="contributors">Whose contributions each buffer was made of.</param>
    /// <param name="beliefs">That each worker is Byzantine, as of this step.</param>
    /// <param name="after">N ≥ 1: rounds above the threshold, in which no one other worker had a part.</param>
    /// <param name="threshold">0 … 1; a belief must lie above.</param>
    /// <param name="most">r: so many at once at most. The surest go first, then those of the lowest index; the rest wait for a place.</param>
    public Quarantine Next(IReadOnlyList<IReadOnlyCollection<int>> contributors, IReadOnlyList<double> beliefs, int after, double threshold, int most)
    {
        var streaks = new Dictionary<int, Streak>(Streaks);
        foreach (var worker in contributors.SelectMany(static buffer => buffer).Distinct().Except(Workers))
        {
            if (beliefs[worker] <= threshold) streaks.Remove(worker);
            else if (IsAlone(worker)) streaks[worker] = streaks.GetValueOrDefault(worker, Streak.None).Next(Others(worker));
        }

        IEnumerable<int> Others(int worker) => contributors.Where(buffer => buffer.Contains(worker)).SelectMany(static buffer => buffer).Distinct().Where(other => other != worker);
        bool IsAlone(int worker) => !Others(worker).Any(other => beliefs[other] > Doubtful);
        int[] taken = [.. streaks.Where(entry => entry.Value.Alone >= after).Select(static entry => entry.Key).Where(IsAlone).OrderByDescending(worker => beliefs[worker]).ThenBy(static worker => worker).Take(most - Workers.Count)];
        foreach (var worker in taken) streaks.Remove(worker);
        return new Quarantine([.. Workers.Concat(taken).Order()], streaks);
    }

    /// <summary>The same with one worker that nothing is held against.</summary>
    public Quarantine Without(int worker) =>
        new([.. Workers.Where(other => other != worker)], Streaks.Where(entry => entry.Key != worker).ToDictionary());
}
