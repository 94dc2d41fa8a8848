using System.Collections.Concurrent;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>
/// Lets a job's gradients into this silo: a few come at once, each worker's in its turn, as long as there is room for them. The
/// others wait where they are, with their workers.
/// </summary>
public sealed class Intake(IGradientSource source, Rooms rooms, TimeProvider time)
{
    /// <summary>Bytes of gradients on their way that a job may always have; two gradients, however large they are.</summary>
    private const long Burst = 16 << 20;

    /// <summary>How long one may wait for its turn and for room, well within the patience of its sender.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>After so long it is the next one's turn, too: a slow sender, or one that dawdles, holds up nobody for longer.</summary>
    internal static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, FairGate> turns = new();

    /// <summary>Gets a gradient when it is its turn; null where it cannot be had, or its turn does not come.</summary>
    /// <param name="room">See <see cref="Rooms.For"/>.</param>
    /// <param name="worker">The sender.</param>
    /// <param name="offer">Checked already: its length is the job's d.</param>
    /// <param name="use">What is done with it. It takes up room until its last reference is returned.</param>
    public async Task<T?> Take<T>(string job, int room, int worker, VectorOffer offer, Func<ParameterVector, Task<T>> use)
        where T : class
    {
        if (await Get(job, room, $"worker {worker}", offer) is not { } vector) return null;
        try
        {
            return await use(vector);
        }
        finally
        {
            vector.Return();
        }
    }

    private async Task<ParameterVector?> Get(string job, int room, string who, VectorOffer offer)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        IDisposable? place = null;
        ParameterVector? vector = null;
        try
        {
            using var turn = source.IsHere(offer) ? null : await Turn.Of(turns.GetOrAdd(job, static (_, length) => new FairGate(AtOnce(length)), offer.Length), who, time, patience.Token);
            place = await rooms.Enter(job, room, who, patience.Token);
            turn?.Start();
            return vector = await source.FetchOwn(offer, place);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Should an answer have been lost with vectors in it, a collection finds their room.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
            return null;
        }
        finally
        {
            if (vector is null) place?.Dispose();
        }
    }

    private static int AtOnce(int length) => (int)Math.Clamp(Burst / ((long)length * sizeof(float)), 2, 64);

    /// <summary>One of the transfers at once, until it is done or has had its time.</summary>
    private sealed class Turn(FairGate gate, TimeProvider time) : IDisposable
    {
        private ITimer? timer;
        private int over;

        public static async Task<Turn> Of(FairGate gate, string who, TimeProvider time, CancellationToken cancellation)
        {
            await gate.Enter(who, cancellation);
            return new Turn(gate, time);
        }

        public void Start() => timer = time.CreateTimer(_ => End(), null, LongestTurn, Timeout.InfiniteTimeSpan);

        public void Dispose()
        {
            timer?.Dispose();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref over, 1) == 0) gate.Leave();
        }
    }
}
