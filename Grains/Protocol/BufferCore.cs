using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// One buffer of BASGD (Yang and Li, ICML 2021, Algorithm 1): the mean h_b of the N_b gradients of the open round,
/// beside it the sealed round that waits for its step to be durable. Knows nothing before <see cref="Open"/>.
/// </summary>
public sealed class BufferCore
{
    /// <summary>
    /// Gradients of one worker in a round that may be not finite. A bound of its own: a few must not keep a worker from its buffer that
    /// nobody else fills, and a worker that computes nothing else must not do so for ever.
    /// </summary>
    public const int MaxNotFinite = 1_000;

    private readonly Dictionary<Refusal, long> refused = [];
    private readonly HashSet<int> unusable = [];
    private readonly Dictionary<int, WorkerTally> tallies = [];
    private Dictionary<int, long> lastSequence = [];
    private BufferOpening? opening;
    private OpenRound open = OpenRound.Empty(0);
    private SealedRound? sealedRound;
    private (int Generation, int MappingEpoch) restoredFor = (-1, -1);
    private bool isOver;

    /// <summary>Whether an opening was ever given.</summary>
    public bool IsJoined => opening is not null;

    /// <summary>Whether accepted contributions must be stored before they are acknowledged.</summary>
    public bool PersistBeforeAcknowledging => opening is { PersistBeforeAcknowledging: true };

    /// <summary>Round that gradients go to.</summary>
    public long Round => open.Round;

    /// <summary>N_b of the open round.</summary>
    public int Filled => open.Contributions.Count;

    /// <summary>Whether the worker's contributions belong here.</summary>
    public bool IsMappedHere(int worker) => lastSequence.ContainsKey(worker);

    /// <summary>
    /// Takes what the model says. Content of another generation or mapping epoch is dropped, and so are rounds whose step is
    /// made already or hold something that was applied; the rest stays, so a re-activated buffer goes on where its stored state
    /// left it. What an overtaken model says, older than what is known here, changes nothing.
    /// </summary>
    public void Open(BufferOpening next)
    {
        if (isOver || IsOvertaken(next)) return;
        var sameRun = opening is null
            ? restoredFor == (next.Version.Generation, next.MappingEpoch)
            : Follows(next.Version, next.MappingEpoch);
        if (!sameRun)
        {
            DropSealed();
            StartRound(next.Version.Step);
            lastSequence.Clear();
        }

        var seen = new Dictionary<int, long>(next.LastApplied.Count);
        foreach (var (worker, applied) in next.LastApplied)
            seen[worker] = Math.Max(applied, lastSequence.GetValueOrDefault(worker, -1));
        lastSequence = seen;
        if (opening?.Version != next.Version || !sameRun) unusable.Clear();
        opening = next;
        Forget(next.Version.Step);
        ForgetApplied(next.LastApplied);
    }

    /// <summary>Checks a submission in the agreed order and takes it in, or says why not. A refusal changes nothing but its count.</summary>
    /// <param name="isSpent">As of <see cref="Add"/>.</param>
    public SubmitResult Submit(Submission submission, bool isSpent = false) =>
        RefuseUnseen(submission, submission.Gradient?.Length) ?? Note(submission, Add(submission, isSpent));

    /// <summary>What would be refused of a gradient of this length whatever it holds, so that it need not be fetched; null where nothing is.</summary>
    public SubmitResult? RefuseUnseen(Submission submission, int? length) =>
        Check(submission, length) is { } wrong ? Refuse(submission.Worker, wrong) : null;

    /// <summary>
    /// Adds a gradient that is not refused unseen to the mean, for <see cref="Note"/> to follow. Meanwhile this object may be read,
    /// from another thread too, and not changed.
    /// </summary>
    /// <param name="isSpent">Whether the mean may be made in place of the gradient, which is lost then, also where it is refused as not finite.</param>
    /// <returns>Whether it is finite; nothing was added if not.</returns>
    public bool Add(Submission submission, bool isSpent)
    {
        var gradient = submission.Gradient!;
        var group = opening!.WeighWorkersEqually ? submission.Worker : BufferMean.Everyone;
        return isSpent ? open.Mean.TryAdd(group, gradient.Span, gradient) : open.Mean.TryAdd(group, gradient.Span);
    }

    /// <summary>Counts what <see cref="Add"/> has added, or refuses it.</summary>
    public SubmitResult Note(Submission submission, bool isFinite)
    {
        if (opening is null) return Refuse(submission.Worker, Refusal.Closed);
        if (!isFinite)
        {
            open.CountNotFinite(submission.Worker);
            if (submission.Version == opening.Version) unusable.Add(submission.Worker);
            return Refuse(submission.Worker, Refusal.NotFinite);
        }

        open.Note(submission);
        lastSequence[submission.Worker] = submission.Sequence;
        var tally = tallies.GetValueOrDefault(submission.Worker);
        tallies[submission.Worker] = tally with { Accepted = tally.Accepted + 1, Staleness = Math.Max(0, opening.Version.Step - submission.Version.Step) };
        return Answer(submission.Worker, null);
    }

    /// <summary>Counts a refusal for a reason that lies outside the buffer.</summary>
    public SubmitResult Refuse(int worker, Refusal reason)
    {
        refused[reason] = refused.GetValueOrDefault(reason) + 1;

        // Only of workers mapped here: a sender may call itself anything.
        if (lastSequence.ContainsKey(worker)) tallies[worker] = tallies.GetValueOrDefault(worker) with { Refused = tallies.GetValueOrDefault(worker).Refused + 1 };
        return Answer(worker, reason);
    }

    /// <summary>Vectors of the job's gradients that a silo has room for; 0 where that was not said.</summary>
    public int Room => opening?.Room ?? 0;

    /// <summary>Gives its vectors back, for it is not needed any more. From now on it takes nothing in: what it then knew would not be what is stored.</summary>
    public void Drop()
    {
        (isOver, opening) = (true, null);
        lastSequence.Clear();
        DropSealed();
        StartRound(open.Round);
    }

    /// <summary>
    /// Freezes the round of the version's step and opens the next; the same answer again when repeated; null where there is nothing
    /// to freeze, nothing is known yet, or what is here was collected for another generation or mapping: that is dropped once the
    /// buffer hears of it, and goes into no step.
    /// </summary>
    public SealedRound? Seal(ModelVersion version, int mappingEpoch)
    {
        if (!Follows(version, mappingEpoch)) return null;
        var round = version.Step;
        if (sealedRound?.Round == round) return sealedRound;
        if (sealedRound is not null || open.Round != round || open.Contributions.Count == 0) return null;
        sealedRound = new SealedRound(round, open.Mean.Close(), open.Contributions, open.LossSum / open.Contributions.Count);
        open = OpenRound.Empty(round + 1);
        return sealedRound;
    }

    /// <summary>The model of this version can be seen: forgets rounds before its step. An older version changes nothing.</summary>
    public void Commit(ModelVersion version)
    {
        if (opening is null || version.Generation != opening.Version.Generation || version <= opening.Version) return;
        opening = opening with { Version = version };
        unusable.Clear();
        Forget(version.Step);
    }

    /// <summary>What the buffer holds.</summary>
    public BufferReport Report() => new(
        open.Round,
        open.Contributions.Count,
        sealedRound?.Round,
        [.. open.Contributions.Concat(sealedRound?.Contributions ?? []).Select(c => c.Worker).Distinct()],
        [.. unusable],
        new Dictionary<Refusal, long>(refused),
        opening?.Version ?? new ModelVersion(Math.Max(restoredFor.Generation, 0), sealedRound?.Round ?? open.Round));

    /// <summary>What was counted of each worker since this object was made.</summary>
    public IReadOnlyDictionary<int, WorkerTally> Tallies() => new Dictionary<int, WorkerTally>(tallies);

    /// <summary>What the buffer knows of each worker, for an audit of the ledger.</summary>
    public BufferHoldings Holdings() => new(
        opening?.Version.Generation ?? restoredFor.Generation,
        opening?.MappingEpoch ?? restoredFor.MappingEpoch,
        new Dictionary<int, long>(lastSequence),
        [.. sealedRound?.Contributions ?? [], .. open.Contributions],
        refused.GetValueOrDefault(Refusal.NotFinite) + refused.GetValueOrDefault(Refusal.WrongSize));

    /// <summary>The content to store, for a later <see cref="Restore"/>. Shares the vectors: store before the next submission.</summary>
    public BufferContent Save() => new(
        opening?.Version.Generation ?? restoredFor.Generation,
        opening?.MappingEpoch ?? restoredFor.MappingEpoch,
        open.Round,
        open.Mean.Means,
        open.Contributions,
        open.LossSum,
        sealedRound,
        lastSequence);

    /// <summary>Puts stored content back, before the first <see cref="Open"/>, which then decides what of it still counts.</summary>
    public void Restore(BufferContent content)
    {
        restoredFor = (content.Generation, content.MappingEpoch);
        DropSealed();
        open.Mean.Drop();
        open = new OpenRound(content.OpenRound, new BufferMean(content.Means, content.Contributions), [.. content.Contributions], content.LossSum);
        sealedRound = content.Sealed;
        lastSequence = new Dictionary<int, long>(content.LastSequence);
    }

    private bool Follows(ModelVersion version, int mappingEpoch) =>
        opening is not null && (opening.Version.Generation, opening.MappingEpoch) == (version.Generation, mappingEpoch);

    private bool IsOvertaken(BufferOpening next)
    {
        var (generation, mappingEpoch, step) = opening is null
            ? (restoredFor.Generation, restoredFor.MappingEpoch, 0)
            : (opening.Version.Generation, opening.MappingEpoch, opening.Version.Step);
        return (next.Version.Generation, next.MappingEpoch, next.Version.Step).CompareTo((generation, mappingEpoch, step)) < 0;
    }

    private Refusal? Check(Submission submission, int? length)
    {
        if (opening is not { IsOpen: true }) return Refusal.Closed;
        if (length != opening.Dimension) return Refusal.WrongSize;
        if (submission.MappingEpoch != opening.MappingEpoch || !lastSequence.TryGetValue(submission.Worker, out var last)) return Refusal.WrongBuffer;
        if (opening.Quarantined?.Contains(submission.Worker) == true) return Refusal.Quarantined;
        if (submission.Sequence <= last) return Refusal.Duplicate;
        if (!IsPlausible(submission.Version)) return Refusal.ImplausibleVersion;

        // Up to the round it goes into: after a seal, or on what an overtaken model says, that is ahead of the version known here.
        if (Math.Max(opening.Version.Step, open.Round) - submission.Version.Step > opening.MaxStaleness) return Refusal.TooStale;
        return opening.MaxContributions is { } max && open.HasEnoughOf(submission.Worker, max) ? Refusal.TooMany : null;
    }

    /// <summary>A sealed round may have become the next model already, before its commit arrives here.</summary>
    private bool IsPlausible(ModelVersion version)
    {
        var newest = sealedRound is null ? opening!.Version.Step : sealedRound.Round + 1;
        return version.Generation == opening!.Version.Generation && version.Step >= 0 && version.Step <= newest;
    }

    private SubmitResult Answer(int worker, Refusal? refusal)
    {
        var version = opening?.Version ?? default;

        // A step may be on its way: the open round is the one after it then.
        if (refusal == Refusal.TooMany) version = version with { Step = open.Round };
        return new SubmitResult(refusal, version, lastSequence.GetValueOrDefault(worker, -1));
    }

    private void Forget(long step)
    {
        if (sealedRound?.Round < step) DropSealed();

        // A sealed round is followed by its successor, so an open round that is behind was sealed and applied unseen.
        if (open.Round < step) StartRound(step);
    }

    /// <summary>
    /// A worker's retry may have come in here after a step took the same contribution from an earlier activation of this buffer.
    /// It cannot be taken out of a mean again.
    /// </summary>
    private void ForgetApplied(IReadOnlyDictionary<int, long> lastApplied)
    {
        bool IsApplied(Contribution contribution) => contribution.Sequence <= lastApplied.GetValueOrDefault(contribution.Worker, -1);
        if (sealedRound is not null && sealedRound.Contributions.Any(IsApplied))
        {
            StartRound(sealedRound.Round);
            DropSealed();
        }
        else if (open.Contributions.Any(IsApplied))
        {
            StartRound(open.Round);
        }
    }

    private void StartRound(long round)
    {
        open.Mean.Drop();
        open = OpenRound.Empty(round);
    }

    private void DropSealed()
    {
        sealedRound?.Mean.Return();
        sealedRound = null;
    }

    private sealed class OpenRound(long round, BufferMean mean, List<Contribution> contributions, double lossSum)
    {
        private readonly Dictionary<int, int> counts = contributions.CountBy(static contribution => contribution.Worker).ToDictionary();
        private readonly Dictionary<int, int> notFinite = [];

        public long Round => round;
        public BufferMean Mean => mean;
        public List<Contribution> Contributions => contributions;
        public double LossSum => lossSum;

        public static OpenRound Empty(long round) => new(round, new BufferMean(), [], 0);

        public void Note(Submission submission)
        {
            contributions.Add(new Contribution(submission.Worker, submission.Sequence, submission.Version, submission.MomentumLength));
            lossSum += submission.Loss;
            counts[submission.Worker] = counts.GetValueOrDefault(submission.Worker) + 1;
        }

        public void CountNotFinite(int worker) => notFinite[worker] = notFinite.GetValueOrDefault(worker) + 1;

        public bool HasEnoughOf(int worker, int max) => counts.GetValueOrDefault(worker) >= max || notFinite.GetValueOrDefault(worker) >= MaxNotFinite;
    }
}
