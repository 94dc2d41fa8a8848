using System.Diagnostics;
using System.Diagnostics.Metrics;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>
/// Shell of <see cref="BufferCore"/>. Lives beside its model grain, which activates it: sealing then moves references. Its next
/// activation reads what this one stored: its vectors are too large to be handed over in a message, as migration would.
/// </summary>
[KeepAlive, PreferLocalPlacement, Immovable(ImmovableKind.Any)]
public sealed partial class BufferGrain(
    [PersistentState("buffer", StorageNames.Grains)] IPersistentState<BufferRecord> record,
    Intake intake,
    BufferInstruments instruments,
    StorageInstruments storage,
    TransferInstruments transfers,
    ILogger<BufferGrain> logger) : Grain, IBufferGrain
{
    /// <summary>Values of a gradient that are added to the mean within some tens of microseconds.</summary>
    private const int Short = 1 << 16;

    private readonly BufferCore core = new();
    private readonly HashSet<int> onTheirWay = [];
    private readonly SampledContributions sampled = new();
    private Task<bool> adding = Task.FromResult(true);
    private IDisposable? fill;
    private int buffer;
    private string job = "";

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        buffer = (int)this.GetPrimaryKeyLong(out job!);
        if (record.RecordExists) core.Restore(record.State.ToContent());
        instruments.Begin(job);
        fill = instruments.Fill.Watch(() => [new Measurement<int>(core.Filled, Names.Tag(Names.Job, job), Names.Tag(Names.Buffer, buffer))]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        fill?.Dispose();
        try
        {
            // Who is told to end is not always waited for, and what a thread writes to must not be given back.
            await adding;

            // Gradients of an unfinished round survive a shutdown. A crash loses them unless the job asked for more.
            if (!core.IsJoined || reason.ReasonCode != DeactivationReasonCode.ShuttingDown) return;
            await Save();
            LogSaved(job, buffer, core.Filled, core.Round);
        }
        finally
        {
            core.Drop();
        }
    }

    /// <inheritdoc/>
    public async Task<SubmitResult> Submit(Submission submission)
    {
        // A sender that gave up waiting may return the gradient while it is read here.
        var held = submission.Gradient?.TryShare();
        var isOwn = submission.Gradient?.Passage is VectorPassage.Received or VectorPassage.Given;
        if (submission.Gradient?.Passage == VectorPassage.Received) transfers.Received(TransferInstruments.Gradient, submission.Gradient);
        if (isOwn) submission.Gradient!.Return();
        try
        {
            return await Take(submission with { Gradient = held }, isOwn);
        }
        finally
        {
            held?.Return();
        }
    }

    /// <inheritdoc/>
    public async Task<SubmitResult> SubmitOffer(Submission submission, VectorOffer offer)
    {
        await Join();
        if (core.RefuseUnseen(submission, offer.Length) is { } refused) return Count(submission, refused);
        if (!onTheirWay.Add(submission.Worker)) return Count(submission, core.Refuse(submission.Worker, Refusal.Busy));
        try
        {
            // In turn with everything else, as any other gradient: while this one was on its way the round may have changed.
            return await intake.Take(job, core.Room, submission.Worker, offer, gradient => this.AsReference<IBufferGrain>().Submit(submission with { Gradient = gradient }))
                ?? Count(submission, core.Refuse(submission.Worker, Refusal.NotDelivered));
        }
        finally
        {
            onTheirWay.Remove(submission.Worker);
        }
    }

    private async Task Join()
    {
        if (!core.IsJoined && await Model.Join(buffer, core.Report()) is { } opening) core.Open(opening);
    }

    private async Task<SubmitResult> Take(Submission submission, bool isSpent)
    {
        using var span = Spans.Part(Spans.Buffer);
        await Join();
        var result = Count(submission, core.RefuseUnseen(submission, submission.Gradient?.Length) ?? core.Note(submission, await Add(submission, isSpent)));
        if (result.Refusal is not null) return result;

        sampled.Note(core.Round);
        if (core.PersistBeforeAcknowledging) await Save();
        if (core.Filled > 1 || !await Model.BufferFull(buffer, core.Round)) return result;
        return result with { TakeAtLeast = result.TakeAtLeast with { Step = core.Round + 1 } };
    }

    /// <summary>Off the grain's scheduler where it takes long: who only looks need not wait for it.</summary>
    private Task<bool> Add(Submission submission, bool isSpent) =>
        adding = submission.Gradient!.Length <= Short ? Task.FromResult(core.Add(submission, isSpent)) : Task.Run(() => core.Add(submission, isSpent));

    private SubmitResult Count(Submission submission, SubmitResult result)
    {
        var age = core.Round - submission.Version.Step;
        instruments.Answered(job, core.IsMappedHere(submission.Worker) ? submission.Worker : null, result.Refusal, age);
        if (Activity.Current is { IsAllDataRequested: true } span)
            span.SetTag(Names.Buffer, buffer).SetTag(Names.Outcome, BufferInstruments.Outcome(result.Refusal)).SetTag(Names.Staleness, age);
        return result;
    }

    /// <inheritdoc/>
    public Task<BufferReport> Open(BufferOpening opening)
    {
        core.Open(opening);
        return Task.FromResult(core.Report());
    }

    /// <inheritdoc/>
    public async Task<SealedRound?> Seal(ModelVersion version, int mappingEpoch)
    {
        var seal = core.Seal(version, mappingEpoch);

        // Else a re-activation would take more into a round whose commit then drops it.
        if (seal is not null && core.PersistBeforeAcknowledging) await Save();
        return seal is null ? null : seal with { Mean = seal.Mean.ForMessage(), Traces = sampled.Of(version.Step) };
    }

    /// <inheritdoc/>
    public Task Commit(ModelVersion version)
    {
        core.Commit(version);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<BufferHoldings> GetHoldings() => Task.FromResult(core.Holdings());

    /// <inheritdoc/>
    public Task<BufferReport> GetReport() => Task.FromResult(core.Report() with { Silo = RuntimeIdentity });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<int, WorkerTally>> GetTallies() => Task.FromResult(core.Tallies());

    private IModelGrain Model => GrainFactory.GetGrain<IModelGrain>(job);

    private async Task Save()
    {
        // What memory has taken in but storage has not must not be acknowledged, not even as a duplicate.
        record.State = BufferRecord.From(core.Save());
        await this.StoreOrEnd(() => storage.Persist(job, "buffer", record.WriteStateAsync));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Buffer {Buffer} of {Job} saved {Filled} gradients of round {Round}")]
    private partial void LogSaved(string job, int buffer, int filled, long round);
}
