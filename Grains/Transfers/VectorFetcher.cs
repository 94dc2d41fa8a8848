using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;

namespace Basgd.Grains;

/// <summary>
/// Gets offered vectors to this silo. One from this very silo is shared, not copied. One from elsewhere comes in slices of
/// 256 KiB, four in flight, into a rented vector, which goes back where the sender dies, dawdles (<see cref="Pace"/>) or sends what was not asked for.
/// </summary>
public sealed class VectorFetcher(VectorOffers offers, VectorSources sources, ILocalSiloDetails local, ISiloStatusOracle silos, TransferInstruments instruments, TimeProvider time) : IGradientSource
{
    private const int InFlight = 4;

    /// <inheritdoc/>
    public bool IsHere(VectorOffer offer) => offer.Silo.Equals(local.SiloAddress);

    /// <summary>A reference that is the caller's; null where the vector cannot be had.</summary>
    public async Task<ParameterVector?> Fetch(VectorOffer offer)
    {
        return IsHere(offer) ? offers.Take(offer) : await Pull(offer, VectorPassage.Kept, null);
    }

    /// <inheritdoc/>
    public async Task<ParameterVector?> FetchOwn(VectorOffer offer, IDisposable place)
    {
        if (!IsHere(offer))
        {
            var pulled = await Pull(offer, VectorPassage.Given, place);
            if (pulled is not null) instruments.Received(TransferInstruments.Gradient, pulled);
            return pulled;
        }

        if (offers.Take(offer) is not { } shared) return null;
        try
        {
            return await Task.Run(() =>
            {
                var copy = ParameterVector.Rent(shared.Length, VectorPassage.Given, place);
                shared.Span.CopyTo(copy.Span);
                return copy;
            });
        }
        finally
        {
            shared.Return();
        }
    }

    /// <summary>Gets the model in an answer, as <see cref="Fetch"/>, and tells its sender that it is done.</summary>
    public async Task<ParameterVector?> Open(VectorParcel parcel)
    {
        if (parcel.Offer is not { } offer)
        {
            // The message's own reference would end with the next message or checkpoint that it is written to.
            var own = parcel.Inline?.TryShare();
            if (own is not null && parcel.Inline!.Passage == VectorPassage.Received) instruments.Received(TransferInstruments.Model, own);
            parcel.Inline?.Return();
            return own;
        }

        var vector = await Fetch(offer);
        if (IsHere(offer)) return vector;
        if (vector is not null) instruments.Received(TransferInstruments.Model, vector);
        await sources.On(offer.Silo).Done(offer.Id);
        return vector;
    }

    private bool IsThere(SiloAddress silo) => silos.GetApproximateSiloStatus(silo) is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    private async Task<ParameterVector?> Pull(VectorOffer offer, VectorPassage passage, IDisposable? place)
    {
        if (offer.Length <= 0 || !IsThere(offer.Silo)) return null;
        var pull = new Transfer(sources.On(offer.Silo), offer, ParameterVector.Rent(offer.Length, passage, place), time);

        // Off the grain's scheduler, which stays free for messages.
        if (await Task.Run(() => pull.Run(InFlight))) return pull.Vector;
        pull.Vector.Return();
        return null;
    }

    private sealed class Transfer(IVectorSource source, VectorOffer offer, ParameterVector vector, TimeProvider time)
    {
        private readonly long started = time.GetTimestamp();
        private long next;
        private long come;
        private volatile bool failed;

        public ParameterVector Vector => vector;

        /// <summary>Ends when nothing is on its way any more, so that the vector can be returned.</summary>
        public async Task<bool> Run(int inFlight)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(inFlight, 1 + ((offer.Length - 1) / VectorOffer.SliceLength))).Select(_ => Loop()));
            return !failed;
        }

        private async Task Loop()
        {
            while (!failed)
            {
                var offset = Interlocked.Add(ref next, VectorOffer.SliceLength) - VectorOffer.SliceLength;
                if (offset >= offer.Length) return;
                if (!await Get((int)offset) || time.GetElapsedTime(started) > Pace.For(Interlocked.Read(ref come))) failed = true;
            }
        }

        private async Task<bool> Get(int offset)
        {
            try
            {
                var length = Math.Min(VectorOffer.SliceLength, offer.Length - offset);
                if (await source.Read(offer.Id, offset, length) is not { } slice) return false;
                var fits = slice.Length == length;
                if (fits) slice.Span.CopyTo(vector.Span[offset..]);
                slice.Return();
                Interlocked.Add(ref come, length);
                return fits;
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException)
            {
                return false;
            }
        }
    }
}
