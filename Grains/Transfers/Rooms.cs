using System.Collections.Concurrent;
using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>
/// How many vectors of a job a silo has room for besides the model and the next one: gradients on their way, the means that they
/// become, and models that readers elsewhere have not come to the end of. A job's memory is bounded whatever comes: what finds
/// no room waits where it is. A step needs no room, and gives that of its B means back, so rounds never wait for each other.
/// </summary>
public sealed class Rooms
{
    /// <summary>For a job whose model is on a silo of a version that does not say.</summary>
    private const int Unsaid = 64;

    private readonly ConcurrentDictionary<(string Job, int Places), FairGate> gates = new();

    /// <summary>B means that fill and B that wait for their step to be durable, and two vectors on their way. Workers that are weighed equally have a mean each while a round fills.</summary>
    public static int For(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return (job.WeighWorkersEqually ? Math.Max(job.Workers, job.Buffers) : job.Buffers) + job.Buffers + 2;
    }

    /// <summary>Waits for room for one vector. Dispose what is answered when the vector is gone.</summary>
    /// <param name="places">See <see cref="For"/>; 0 where that was not said.</param>
    /// <param name="who">Whoever shares the room fairly with the others.</param>
    /// <exception cref="OperationCanceledException">There was no room in time.</exception>
    public async Task<IDisposable> Enter(string job, int places, string who, CancellationToken cancellation = default)
    {
        var gate = gates.GetOrAdd((job, places == 0 ? Unsaid : places), static key => new FairGate(key.Places));
        await gate.Enter(who, cancellation);
        return new Place(gate);
    }

    private sealed class Place(FairGate gate) : IDisposable
    {
        private int left;

        /// <summary>A vector that was forgotten takes no room for ever.</summary>
        ~Place() => Leave();

        public void Dispose()
        {
            Leave();
            GC.SuppressFinalize(this);
        }

        private void Leave()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) gate.Leave();
        }
    }
}
