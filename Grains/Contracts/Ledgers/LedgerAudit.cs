namespace Basgd.Contracts;

/// <summary>
/// Reads a ledger from its first step on and says what may not be: steps that are missing, buffers that are empty, a
/// contribution in two steps, or acknowledged and in none. Memory: a few numbers per worker, and the gaps.
/// </summary>
public sealed class LedgerAudit(JobSpec spec)
{
    /// <summary>Problems told; more are only counted.</summary>
    private const int Told = 20;

    private readonly Dictionary<int, Contribution> last = [];
    private readonly List<Gap> gaps = [];
    private readonly List<string> problems = [];
    private ModelVersion version;
    private int mappingEpoch;

    /// <summary>Steps read.</summary>
    public long Steps => version.Step;

    /// <summary>Contributions read.</summary>
    public long Gradients { get; private set; }

    /// <summary>Sequence numbers that no step has, between two that are in steps.</summary>
    public long Missing => gaps.Sum(static gap => gap.Length);

    /// <summary>Problems found, told or not.</summary>
    public long Problems { get; private set; }

    /// <summary>The first problems.</summary>
    public IReadOnlyList<string> Messages => problems;

    /// <summary>Reads the next step.</summary>
    public void Read(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Version.Step != version.Step + 1) Complain($"step {entry.Version.Step} follows step {version.Step}");
        if (entry.Version.Generation < version.Generation) Complain($"step {entry.Version}: its generation is older than {version.Generation}");
        if (entry.MappingEpoch < mappingEpoch) Complain($"step {entry.Version}: its mapping epoch {entry.MappingEpoch} is older than {mappingEpoch}");
        if (entry.Buffers.Count < (spec.ShrinkBuffers ? (2 * spec.EffectiveTolerate) + 1 : spec.Buffers) || entry.Buffers.Count > spec.Buffers)
            Complain($"step {entry.Version}: {entry.Buffers.Count} buffers");
        for (var b = 0; b < entry.Buffers.Count; b++)
        {
            if (entry.Buffers[b].Count == 0) Complain($"step {entry.Version}: buffer {b} is empty");
            foreach (var contribution in entry.Buffers[b]) Read(contribution, entry);
        }

        (version, mappingEpoch) = (entry.Version, Math.Max(entry.MappingEpoch, mappingEpoch));
    }

    /// <summary>All was read: is it the whole ledger of this model?</summary>
    public void End(ModelVersion newest, long gradientsApplied)
    {
        if (newest.Step != version.Step) Complain($"the ledger ends at step {version.Step}, the model is at step {newest.Step}");
        if (Gradients != gradientsApplied) Complain($"{Gradients} contributions are in the ledger, {gradientsApplied} were applied");
    }

    /// <summary>
    /// In durability `acknowledged`: is every sequence number that a buffer has seen in a step or in a buffer? What a reassignment
    /// or a new generation emptied, at any time before, and numbers that a refusal used up, are no loss.
    /// </summary>
    /// <param name="buffers">Asked before the ledger was read: what is acknowledged meanwhile is nobody's loss.</param>
    /// <returns>Numbers explained by a reassignment, by a new generation, or by counted refusals.</returns>
    public long Acknowledged(IReadOnlyList<BufferHoldings> buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        var held = buffers.SelectMany(static buffer => buffer.Contributions).ToLookup(static c => c.Worker, static c => c.Sequence);
        var skipped = buffers.Sum(static buffer => buffer.Skipped);
        long explained = 0;
        foreach (var gap in gaps.Concat(buffers.SelectMany(Ends)))
        {
            var missing = gap.Length - held[gap.Worker].Count(sequence => sequence >= gap.From && sequence <= gap.To);
            if (gap.Emptied)
            {
                explained += missing;
                continue;
            }

            var refused = Math.Min(skipped, missing);
            skipped -= refused;
            explained += refused;
            if (missing > refused) Complain($"worker {gap.Worker}: {missing - refused} of the sequence numbers {gap.From} … {gap.To} were acknowledged and are in no step");
        }

        return explained;
    }

    private void Read(Contribution contribution, LedgerEntry entry)
    {
        Gradients++;
        var (worker, sequence, taken, _) = contribution;
        if (worker < 0 || worker >= spec.Workers) Complain($"step {entry.Version}: there is no worker {worker}");
        if (taken.Step >= entry.Version.Step || taken.Generation > entry.Version.Generation) Complain($"step {entry.Version}: worker {worker}'s {sequence} was taken at the later model {taken}");
        if (entry.Version.Step - 1 - taken.Step > spec.MaxStaleness + 1) Complain($"step {entry.Version}: worker {worker}'s {sequence} was taken at model {taken}, too old");
        var before = last.TryGetValue(worker, out var known) ? known.Sequence : -1;
        if (sequence <= before) Complain($"step {entry.Version}: worker {worker}'s {sequence} comes after its {before}, {(sequence == before ? "which is the same" : "so perhaps twice")}");
        if (sequence > before + 1)
        {
            gaps.Add(new Gap(worker, before + 1, sequence - 1, IsEmptied(entry.MappingEpoch, taken.Generation)));
        }

        last[worker] = contribution;
    }

    /// <summary>What a buffer has seen of its workers after the last that is in a step.</summary>
    private IEnumerable<Gap> Ends(BufferHoldings buffer) =>
        from entry in buffer.LastSequence
        let before = last.TryGetValue(entry.Key, out var known) ? known.Sequence : -1
        where entry.Value > before
        select new Gap(entry.Key, before + 1, entry.Value, IsEmptied(buffer.MappingEpoch, buffer.Generation));

    /// <summary>
    /// Whether the buffers were ever emptied by then. It need not have been since the worker's contribution before: two silos may
    /// act as one worker for a while, and one goes on above numbers that were dropped where the other begins below them.
    /// </summary>
    private static bool IsEmptied(int mappingEpoch, int generation) => mappingEpoch > 0 || generation > 0;

    private void Complain(string problem)
    {
        Problems++;
        if (problems.Count < Told) problems.Add(problem);
    }

    /// <param name="Emptied">Whether the buffers were emptied before it or within.</param>
    private sealed record Gap(int Worker, long From, long To, bool Emptied)
    {
        public long Length => To - From + 1;
    }
}
