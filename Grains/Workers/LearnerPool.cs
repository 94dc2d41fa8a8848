using System.Collections.Concurrent;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Protocol;
using Microsoft.Extensions.Options;

namespace Basgd.Grains;

/// <summary>
/// The silo's compute lanes: so many gradients at once, however many workers it acts as, shared fairly between them.
/// Replicas are kept per job, for a lane to find one warm.
/// </summary>
public sealed class LearnerPool(WorkloadRegistry registry, IOptions<WorkerOptions> options) : IDisposable
{
    private readonly FairGate lanes = new(options.Value.EffectiveLanes);
    private readonly ConcurrentDictionary<string, ConcurrentBag<ILearner>> idle = new();
    private readonly ConcurrentDictionary<string, bool> retired = new();

    /// <summary>Waits for a lane with a replica of the job's model. Dispose it to give it back.</summary>
    /// <param name="share">Who asks, within the job: a worker, or an evaluation.</param>
    /// <exception cref="JobRefusedException">No such model or data set.</exception>
    /// <exception cref="WorkloadUnavailableException">Its data cannot be had.</exception>
    public async Task<Lane> Enter(JobSpec spec, string share)
    {
        var job = spec.EffectiveName;
        await lanes.Enter($"{job}/{share}");
        try
        {
            retired.TryRemove(job, out _);
            if (idle.TryGetValue(job, out var bag) && bag.TryTake(out var learner)) return new Lane(this, job, learner);
            var settings = new LearnerSettings(spec.Seed, spec.Workers, spec.Batch, spec.DirichletAlpha, spec.LabelFlippers());
            return new Lane(this, job, await registry.Find(spec).CreateLearnerAsync(settings));
        }
        catch
        {
            lanes.Leave();
            throw;
        }
    }

    /// <summary>Lets go of the replicas of a job that does not run any more.</summary>
    public void Retire(string job)
    {
        retired[job] = true;
        lanes.Forget(share => share.StartsWith($"{job}/", StringComparison.Ordinal));
        if (!idle.TryRemove(job, out var bag)) return;
        while (bag.TryTake(out var learner)) learner.Dispose();
    }

    public void Dispose()
    {
        foreach (var job in idle.Keys) Retire(job);
    }

    private void Leave(string job, ILearner learner)
    {
        if (retired.ContainsKey(job)) learner.Dispose();
        else idle.GetOrAdd(job, static _ => []).Add(learner);
        lanes.Leave();
    }

    /// <summary>One lane, held.</summary>
    public sealed class Lane(LearnerPool pool, string job, ILearner learner) : IDisposable
    {
        private int left;

        /// <summary>Computes off the grain scheduler, which must stay free for messages.</summary>
        public Task<T> Run<T>(Func<ILearner, T> compute) => Task.Run(() => compute(learner));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) pool.Leave(job, learner);
        }
    }
}
