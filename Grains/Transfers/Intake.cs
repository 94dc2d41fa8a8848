using System.Collections.Concurrent;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;

namespace Basgd.Grains;

/// <summary>How many of a job's gradients may be on their way into this silo at once; others wait where they are, with their workers.</summary>
public sealed class Intake(VectorFetcher fetcher, TransferInstruments instruments)
{
    /// <summary>Bytes of gradients on their way that a job may always have; two gradients, however large they are.</summary>
    private const long Room = 16 << 20;

    /// <summary>How long one may wait for its turn, well within the patience of its sender.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();

    /// <summary>Gets a gradient when it is its turn; null where it cannot be had, or its turn does not come.</summary>
    /// <param name="offer">Checked already: its length is the job's d.</param>
    /// <param name="use">What is done with it; it goes back afterwards.</param>
    public async Task<T?> Take<T>(string job, VectorOffer offer, Func<ParameterVector, Task<T>> use)
        where T : class
    {
        if (fetcher.IsHere(offer)) return await Use(offer, use);
        var gate = gates.GetOrAdd(job, static (_, length) => new SemaphoreSlim(Places(length)), offer.Length);
        if (!await gate.WaitAsync(Patience)) return null;
        try
        {
            return await Use(offer, use);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<T?> Use<T>(VectorOffer offer, Func<ParameterVector, Task<T>> use)
        where T : class
    {
        if (await fetcher.Fetch(offer) is not { } vector) return null;
        if (!fetcher.IsHere(offer)) instruments.Received(TransferInstruments.Gradient, vector);
        try
        {
            return await use(vector);
        }
        finally
        {
            vector.Return();
        }
    }

    private static int Places(int length) => (int)Math.Clamp(Room / ((long)length * sizeof(float)), 2, 64);
}
