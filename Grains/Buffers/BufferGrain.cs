using Basgd.Contracts;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>Shell of <see cref="BufferCore"/>. Lives beside its model grain, which activates it: sealing then moves references.</summary>
[KeepAlive, PreferLocalPlacement]
public sealed partial class BufferGrain(
    [PersistentState("buffer", StorageNames.Grains)] IPersistentState<BufferRecord> record,
    ILogger<BufferGrain> logger) : Grain, IBufferGrain
{
    private readonly BufferCore core = new();
    private int buffer;
    private string job = "";

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        buffer = (int)this.GetPrimaryKeyLong(out job!);
        if (record.RecordExists) core.Restore(record.State.ToContent());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Gradients of an unfinished round survive a shutdown. A crash loses them unless the job asked for more.
        if (!core.IsJoined || reason.ReasonCode != DeactivationReasonCode.ShuttingDown) return;
        await Save();
        LogSaved(job, buffer, core.Filled, core.Round);
    }

    /// <inheritdoc/>
    public async Task<SubmitResult> Submit(Submission submission)
    {
        if (!core.IsJoined && await Model.Join(buffer, core.Report()) is { } opening) core.Open(opening);

        var result = core.Submit(submission);
        if (result.Refusal is not null) return result;

        if (core.PersistBeforeAcknowledging) await Save();
        if (core.Filled > 1 || !await Model.BufferFull(buffer, core.Round)) return result;
        return result with { TakeAtLeast = result.TakeAtLeast with { Step = core.Round + 1 } };
    }

    /// <inheritdoc/>
    public Task<BufferReport> Open(BufferOpening opening)
    {
        core.Open(opening);
        return Task.FromResult(core.Report());
    }

    /// <inheritdoc/>
    public async Task<SealedRound?> Seal(ModelVersion version)
    {
        if (core.Generation != version.Generation) return null;
        var seal = core.Seal(version.Step);

        // Else a re-activation would take more into a round whose commit then drops it.
        if (seal is not null && core.PersistBeforeAcknowledging) await Save();
        return seal;
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
    public Task<BufferReport> GetReport() => Task.FromResult(core.Report());

    private IModelGrain Model => GrainFactory.GetGrain<IModelGrain>(job);

    private async Task Save()
    {
        record.State = BufferRecord.From(core.Save());
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // What memory has taken in but storage has not must not be acknowledged, not even as a duplicate.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Buffer {Buffer} of {Job} saved {Filled} gradients of round {Round}")]
    private partial void LogSaved(string job, int buffer, int filled, long round);
}
