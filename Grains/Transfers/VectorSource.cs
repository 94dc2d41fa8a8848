using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Basgd.Grains;

/// <summary>Hands out the vectors that a silo offers, slice by slice. One on each silo.</summary>
[Alias("basgd.IVectorSource")]
public interface IVectorSource : IGrainService
{
    /// <summary>Floats [offset, offset + length) of an offered vector; null where there is no such offer, or it has no such floats.</summary>
    [Alias("Read"), ResponseTimeout("00:00:10")]
    Task<VectorSlice?> Read(Guid offer, int offset, int length);

    /// <summary>The reader of an answer needs it no more.</summary>
    [Alias("Done"), OneWay]
    Task Done(Guid offer);
}

/// <summary>See <see cref="IVectorSource"/>. Also gives back, now and then, what memory the silo's vectors do not need any more.</summary>
public sealed class VectorSource(GrainId id, Silo silo, ILoggerFactory loggers, VectorOffers offers, TimeProvider time) : GrainService(id, silo, loggers), IVectorSource
{
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private ITimer? trim;

    /// <inheritdoc/>
    public override async Task Start()
    {
        trim = time.CreateTimer(static _ => ParameterVector.TrimPool(), null, TrimEvery, TrimEvery);
        await base.Start();
    }

    /// <inheritdoc/>
    public override async Task Stop()
    {
        trim?.Dispose();
        await base.Stop();
    }

    /// <inheritdoc/>
    public Task<VectorSlice?> Read(Guid offer, int offset, int length) => Task.FromResult(offers.Read(offer, offset, length));

    /// <inheritdoc/>
    public Task Done(Guid offer)
    {
        offers.Withdraw(offer);
        return Task.CompletedTask;
    }
}

/// <summary>Finds the source on a given silo.</summary>
public sealed class VectorSources(IServiceProvider services) : GrainServiceClient<IVectorSource>(services)
{
    public IVectorSource On(SiloAddress silo) => GetGrainService(silo);
}
