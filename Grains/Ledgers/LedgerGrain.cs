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
    public Task<LedgerSegment?> Get() => record.State.Damage is { } damage ? throw new OrleansException(damage) : Task.FromResult(record.State.Segment);
}

/// <summary>A segment as it is stored. Without it the job cannot be verified, and trains all the same.</summary>
[GenerateSerializer, Alias("basgd.ledger-record")]
public sealed class LedgerRecord : IReplaceable
{
    [Id(0)] public LedgerSegment? Segment { get; set; }

    [field: NonSerialized]
    public string? Damage { get; set; }
}
