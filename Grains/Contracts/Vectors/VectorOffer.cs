using Basgd.Aggregation.Memory;

namespace Basgd.Contracts;

/// <summary>
/// A vector that lies on a silo and can be had there: inside the silo the block itself, elsewhere in slices, a few in flight. So
/// the receiver says when it has room, and nothing waits behind a big message.
/// </summary>
/// <param name="Silo">Where it lies.</param>
/// <param name="Id">Names the offer there; nobody can guess it.</param>
/// <param name="Length">d.</param>
[GenerateSerializer, Immutable, Alias("basgd.vector-offer")]
public sealed record VectorOffer([property: Id(0)] SiloAddress Silo, [property: Id(1)] Guid Id, [property: Id(2)] int Length)
{
    /// <summary>Floats of a slice: 256 KiB.</summary>
    public const int SliceLength = 1 << 16;

    /// <summary>Most floats that travel in the message itself: 256 KiB.</summary>
    public const int MaxInline = SliceLength;
}

/// <summary>A vector in an answer: a small one itself, else an offer. Belongs to whoever gets the answer.</summary>
[GenerateSerializer, Immutable, Alias("basgd.vector-parcel")]
public sealed record VectorParcel([property: Id(0)] ParameterVector? Inline, [property: Id(1)] VectorOffer? Offer);
