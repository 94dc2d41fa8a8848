using Basgd.Contracts;
using Basgd.Protocol;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>Keeps one segment of a ledger; see <see cref="LedgerTails"/> for when it comes here.</summary>
[Immovable(ImmovableKind.Any)]
public sealed class LedgerGrain(
    [PersistentState("ledger", StorageNames.Grains)] IPersistentState<LedgerRecord> record) : Grain, ILedgerGrain
{
    /// <inheritdoc/>
    public async Task Put(LedgerSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (record.State.Segment is { } stored && !stored.GivesWayTo(segment)) return;
        record.State = new LedgerRecord { Segment = segment };
        await this.StoreOrEnd(record.WriteStateAsync);
    }

    /// <inheritdoc/>
    public Task<LedgerSegment?> Get() => Task.FromResult(record.State.Segment);
}

/// <summary>A segment as it is stored.</summary>
[GenerateSerializer, Alias("basgd.ledger-record")]
public sealed class LedgerRecord
{
    [Id(0)] public LedgerSegment? Segment { get; set; }
}
