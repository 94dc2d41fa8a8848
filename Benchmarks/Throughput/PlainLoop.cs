using System.Diagnostics;
using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Benchmarks.Throughput;

/// <summary>BASGD as a plain program: threads, one lock, nothing stored. What the service is measured against.</summary>
internal sealed class PlainLoop(JobSpec spec, IWorkload workload, int lanes)
{
    private readonly Lock gate = new();
    private readonly IRule<float> rule = Rules.Create<float>(spec.Rule, spec.EffectiveTolerate);
    private readonly IAttack attack = Attacks.Create(spec.Attack);
    private readonly long[] sequences = new long[spec.Workers];
    private float[] parameters = [];
    private float[][] means = [];
    private int[] counts = [];
    private int nextWorker;
    private long applied;

    /// <summary>Gradients per second, by clock.</summary>
    public async Task<double> Run(TimeSpan length)
    {
        var settings = new LearnerSettings(spec.Seed, spec.Workers, spec.Batch, spec.DirichletAlpha);
        var learners = new List<ILearner>();
        for (var lane = 0; lane < lanes; lane++) learners.Add(await workload.CreateLearnerAsync(settings));
        parameters = new float[learners[0].Dimension];
        learners[0].Initialise(parameters);
        means = [.. Enumerable.Range(0, spec.Buffers).Select(_ => new float[parameters.Length])];
        counts = new int[spec.Buffers];

        var watch = Stopwatch.StartNew();
        var threads = learners.Select(learner => new Thread(() => Work(learner, watch, length))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var rate = applied / watch.Elapsed.TotalSeconds;
        learners.ForEach(learner => learner.Dispose());
        return rate;
    }

    private void Work(ILearner learner, Stopwatch watch, TimeSpan length)
    {
        var gradient = new float[parameters.Length];
        while (watch.Elapsed < length)
        {
            int worker;
            long sequence;
            float[] at;
            lock (gate)
            {
                worker = nextWorker++ % spec.Workers;
                sequence = sequences[worker]++;
                at = parameters;
            }

            learner.Gradient(at, worker, sequence, gradient);
            if (spec.IsByzantine(worker)) attack.Apply(gradient, new Random(Seeds.Derive(spec.Seed, worker, sequence)));
            lock (gate) Receive(worker % spec.Buffers, gradient);
        }
    }

    private void Receive(int buffer, float[] gradient)
    {
        RunningMean.Add(means[buffer], gradient, ++counts[buffer]);
        applied++;
        if (counts.Contains(0)) return;
        var aggregate = new float[parameters.Length];
        rule.Aggregate([.. means.Select(mean => new ReadOnlyMemory<float>(mean))], aggregate);
        var next = new float[parameters.Length];
        for (var i = 0; i < next.Length; i++) next[i] = parameters[i] - ((float)spec.LearningRate * aggregate[i]);
        parameters = next;
        Array.Clear(counts);
    }
}
