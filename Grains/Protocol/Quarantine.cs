namespace Basgd.Protocol;

/// <summary>
/// Whose contributions a job refuses, since it was too sure for too long that they are Byzantine, and who is on the way there.
/// Who is in quarantine stays there until an operator lifts it, whatever is believed meanwhile. Immutable.
/// </summary>
/// <param name="Workers">In quarantine, ascending.</param>
/// <param name="Rounds">
/// Of others: in how many rounds in a row, of those that tell anything of the worker, it was believed above the threshold; who was not
/// in the last one is left out.
/// </param>
public sealed record Quarantine(IReadOnlyList<int> Workers, IReadOnlyDictionary<int, int> Rounds)
{
    /// <summary>Belief above which a worker may well be the one that the others in its buffer are suspected for.</summary>
    private const double Doubtful = 0.5;

    public static Quarantine None { get; } = new([], new Dictionary<int, int>());

    /// <summary>
    /// After a step. It counts for those that contributed to it and were alone suspect in their buffer: of two that are, one may be
    /// suspected for the other, and is still believed Byzantine for some rounds after they were dealt apart.
    /// </summary>
    /// <param name="contributors">Whose contributions it is made of.</param>
    /// <param name="beliefs">That each worker is Byzantine, as of this step.</param>
    /// <param name="bufferOf">The buffer of each worker.</param>
    /// <param name="after">N ≥ 1: rounds above the threshold.</param>
    /// <param name="threshold">0 … 1; a belief must lie above.</param>
    /// <param name="most">r: so many at once at most. The surest go first, then those of the lowest index; the rest wait for a place.</param>
    public Quarantine Next(IEnumerable<int> contributors, IReadOnlyList<double> beliefs, IReadOnlyList<int> bufferOf, int after, double threshold, int most)
    {
        var rounds = new Dictionary<int, int>(Rounds);
        foreach (var worker in contributors.Distinct().Except(Workers))
        {
            if (beliefs[worker] <= threshold) rounds.Remove(worker);
            else if (IsAlone(worker)) rounds[worker] = rounds.GetValueOrDefault(worker) + 1;
        }

        bool IsAlone(int worker) => !beliefs.Index().Any(other => other.Item > Doubtful && other.Index != worker && bufferOf[other.Index] == bufferOf[worker] && !Workers.Contains(other.Index));
        int[] taken = [.. rounds.Where(entry => entry.Value >= after).Select(static entry => entry.Key).Where(IsAlone).OrderByDescending(worker => beliefs[worker]).ThenBy(static worker => worker).Take(most - Workers.Count)];
        foreach (var worker in taken) rounds.Remove(worker);
        return new Quarantine([.. Workers.Concat(taken).Order()], rounds);
    }

    /// <summary>The same with one worker that nothing is held against.</summary>
    public Quarantine Without(int worker) =>
        new([.. Workers.Where(other => other != worker)], Rounds.Where(entry => entry.Key != worker).ToDictionary());
}
