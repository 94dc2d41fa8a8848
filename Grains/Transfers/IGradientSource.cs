using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>Where <see cref="Intake"/> gets gradients.</summary>
public interface IGradientSource
{
    /// <summary>Whether the vector lies on this silo: then nobody has to be waited for.</summary>
    bool IsHere(VectorOffer offer);

    /// <summary>A gradient that nobody else has: from this silo a copy, for its worker may have to send it again. Null where it cannot be had.</summary>
    /// <param name="place">What it takes up until its last reference is returned. Still the caller's where there is no vector.</param>
    Task<ParameterVector?> FetchOwn(VectorOffer offer, IDisposable place);
}
