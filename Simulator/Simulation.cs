using Basgd.Aggregation.Memory;
using Basgd.Learning;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>Asynchronous training in virtual time: real gradients, simulated delays.</summary>
public static class Simulation
{
    /// <summary>Simulates off the calling thread, with a learner that the workload makes for this.</summary>
    /// <exception cref="ArgumentException">The spec makes no sense; the message names every problem with field, value and rule.</exception>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had.</exception>
    public static async Task<SimulationResult> RunAsync(SimulationSpec spec, IWorkload workload, ISimulationObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        spec.Validate();
        var description = await workload.DescribeAsync(cancellation);
        using var learner = await workload.CreateLearnerAsync(spec.ToJob().ToLearnerSettings(), cancellation);
        return await Task.Run(() => Run(spec, learner, description.TrainingExamples, observer, cancellation), cancellation);
    }

    /// <summary>Simulates on the calling thread.</summary>
    /// <param name="learner">Made for the spec's seed, workers, batch size and shards; for attack label-flipping it must flip labels itself, as <see cref="LearnerSettings.LabelFlippers"/> asks.</param>
    /// <param name="trainingExamples">Size of the training set, the unit of an epoch, ≥ 1.</param>
    /// <exception cref="ArgumentException">The spec makes no sense; the message names every problem with field, value and rule.</exception>
    public static SimulationResult Run(SimulationSpec spec, ILearner learner, long trainingExamples, ISimulationObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingExamples, 1);
        spec.Validate();
        var job = spec.ToJob();
        var initial = ParameterVector.Rent(learner.Dimension);
        learner.Initialise(initial.Span);
        using var server = Create(spec, job, new Horizon(job, trainingExamples), initial);
        using var run = new SimulationRun(spec, job, server, learner, observer);
        return run.ToEnd(cancellation);
    }

    private static Server Create(SimulationSpec spec, Contracts.JobSpec job, Horizon horizon, ParameterVector initial) => spec.Server switch
    {
        SynchronousServer synchronous => new SynchronousRounds(spec, job, horizon, initial, synchronous),
        FedBuffServer fedBuff => new BufferedAveraging(spec, job, horizon, initial, fedBuff),
        LatestGradientsServer latest => new LatestGradients(spec, job, horizon, initial, latest),
        KardamServer kardam => new Kardam(spec, job, horizon, initial, kardam),
        _ => new BufferedServer(spec, job, horizon, initial),
    };
}
