using System.Collections.Concurrent;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>The vectors that this silo offers to others. Thread-safe.</summary>
public sealed class VectorOffers(ILocalSiloDetails silo, TimeProvider time)
{
    /// <summary>How long the reader of an answer may be silent before the offer ends.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, Entry> entries = new();

    /// <summary>Offers under way.</summary>
    public int Count => entries.Count;

    /// <summary>Offers a vector until <see cref="Withdraw"/>; its owner keeps it that long.</summary>
    public VectorOffer Put(ParameterVector vector) => Add(new Entry(vector.Share(), null));

    /// <summary>Puts a vector in an answer: itself, or an offer that ends when its one reader is done, silent or slower than <see cref="Pace"/> allows.</summary>
    /// <param name="ended">Called once, when the answer does not hold the vector any more.</param>
    public VectorParcel Answer(ParameterVector vector, Action? ended = null)
    {
        if (vector.Length <= VectorOffer.MaxInline)
        {
            ended?.Invoke();
            return new VectorParcel(vector.ForMessage(), null);
        }

        var entry = new Entry(vector.Share(), ended);
        var offer = Add(entry);
        entry.Watch(time, () => Withdraw(offer.Id));
        return new VectorParcel(null, offer);
    }

    /// <summary>Ends an offer. What is on its way still arrives.</summary>
    public void Withdraw(Guid id)
    {
        if (entries.TryRemove(id, out var entry)) entry.End();
    }

    /// <summary>The whole vector, for readers on this silo: a reference that is the caller's. Null where there is no such offer.</summary>
    public ParameterVector? Take(VectorOffer offer)
    {
        if (!entries.TryGetValue(offer.Id, out var entry) || entry.Vector.Length != offer.Length) return null;
        var taken = entry.Vector.TryShare();
        if (entry.IsAnswer) Withdraw(offer.Id);
        return taken;
    }

    /// <summary>Floats [offset, offset + length) for a reader elsewhere. Null where there is no such offer or it has no such floats.</summary>
    public VectorSlice? Read(Guid id, int offset, int length)
    {
        if (!entries.TryGetValue(id, out var entry)) return null;
        if (offset < 0 || length is <= 0 or > VectorOffer.SliceLength || offset > entry.Vector.Length - length) return null;
        entry.Touch();
        return entry.Vector.TryShare(VectorPassage.Sent) is { } share ? new VectorSlice(share, offset, length) : null;
    }

    private VectorOffer Add(Entry entry)
    {
        var offer = new VectorOffer(silo.SiloAddress, Guid.NewGuid(), entry.Vector.Length);
        entries[offer.Id] = entry;
        return offer;
    }

    private sealed class Entry(ParameterVector vector, Action? ended)
    {
        private ITimer? silence;
        private ITimer? limit;

        public ParameterVector Vector => vector;

        public bool IsAnswer => silence is not null;

        public void Watch(TimeProvider time, Action end)
        {
            silence = time.CreateTimer(_ => end(), null, Patience, Timeout.InfiniteTimeSpan);
            limit = time.CreateTimer(_ => end(), null, Pace.For(vector.Length), Timeout.InfiniteTimeSpan);
        }

        public void Touch() => silence?.Change(Patience, Timeout.InfiniteTimeSpan);

        public void End()
        {
            silence?.Dispose();
            limit?.Dispose();
            vector.Return();
            ended?.Invoke();
        }
    }
}
