using System.Collections.Concurrent;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Protocol;
using Microsoft.Extensions.Options;

namespace Basgd.Grains;

/// <summary>
/// The silo's compute lanes: so many gradients at once, however many workers it acts as, shared fairly between them and spread
/// evenly over the devices. Replicas are kept per job and device, for a lane to find one warm.
/// </summary>
public sealed class LearnerPool(WorkloadRegistry registry, IComputeDevices devices, IOptions<WorkerOptions> options) : IDisposable
{
    private readonly FairGate lanes = new(options.Value.LanesOn(devices));
    private readonly DeviceShares shares = new(devices.Names);
    private readonly ConcurrentDictionary<(string Job, string Device), ConcurrentBag<ILearner>> idle = new();
    private readonly ConcurrentDictionary<string, bool> retired = new();

    /// <summary>Waits for a lane with a replica of the job's model. Dispose it to give it back.</summary>
    /// <param name="share">Who asks, within the job: a worker, or an evaluation.</param>
    /// <exception cref="JobRefusedException">No such model or data set.</exception>
    /// <exception cref="WorkloadUnavailableException">Its data cannot be had.</exception>
    public async Task<Lane> Enter(JobSpec spec, string share)
    {
        var job = spec.EffectiveName;
        await lanes.Enter($"{job}/{share}");
        var device = shares.Enter();
        try
        {
            retired.TryRemove(job, out _);
            if (idle.TryGetValue((job, device), out var bag) && bag.TryTake(out var learner)) return new Lane(this, job, device, learner);
            return new Lane(this, job, device, await registry.Find(spec).CreateLearnerAsync(spec.ToLearnerSettings() with { Device = device }));
        }
        catch
        {
            Leave(device);
            throw;
        }
    }

    /// <summary>Lets go of the replicas of a job that does not run any more.</summary>
    public void Retire(string job)
    {
        retired[job] = true;
        lanes.Forget(share => share.StartsWith($"{job}/", StringComparison.Ordinal));
        foreach (var device in devices.Names)
        {
            if (!idle.TryRemove((job, device), out var bag)) continue;
            while (bag.TryTake(out var learner)) learner.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var (job, _) in idle.Keys) Retire(job);
    }

    private void Leave(string device)
    {
        shares.Leave(device);
        lanes.Leave();
    }

    private void Leave(string job, string device, ILearner learner)
    {
        if (retired.ContainsKey(job)) learner.Dispose();
        else idle.GetOrAdd((job, device), static _ => []).Add(learner);
        Leave(device);
    }

    /// <summary>One lane, held.</summary>
    public sealed class Lane(LearnerPool pool, string job, string device, ILearner learner) : IDisposable
    {
        private int left;

        /// <summary>Where it computes.</summary>
        public string Device => device;

        /// <summary>Computes off the grain scheduler, which must stay free for messages.</summary>
        public Task<T> Run<T>(Func<ILearner, T> compute) => Task.Run(() => compute(learner));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) pool.Leave(job, device, learner);
        }
    }
}
