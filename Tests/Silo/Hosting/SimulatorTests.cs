using System.Runtime.InteropServices;
using Basgd.Contracts;
using Basgd.Contracts.Exporting;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using Basgd.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>The same seed through a real silo and through the simulator gives the same parameters, bit for bit.</summary>
[Trait("category", "slow")]
public sealed class SimulatorTests : IDisposable
{
    private static readonly JobSpec Spec = new()
    {
        Model = "softmax",
        Dataset = "synthetic",
        LearningRate = 0.05,
        DecayAtEpochs = [0.4],
        WeightDecay = 1e-3,
        Steps = 40,
        Seed = 7,
        EvaluateEverySeconds = 0,
    };

    private readonly TemporaryDirectory directory = new();

    public static TheoryData<string, JobSpec> OneWorkerPerBuffer => new()
    {
        { "alone", Spec with { Workers = 1, Buffers = 1 } },
        { "median", Spec with { Workers = 4, Buffers = 4, Byzantine = 1, Attack = "random-disturbance(sigma=0.2)" } },
        { "momenta", Spec with { Workers = 5, Buffers = 5, Byzantine = 1, Attack = "negative-gradient(k=10)", Rule = "nnm|trimmed-mean", WorkerMomentum = 0.9, ServerMomentum = 0.5, ClipGradient = 2 } },
    };

    public void Dispose() => directory.Dispose();

    /// <summary>
    /// In virtual time every gradient takes a second, so in every round all workers but the last fetch their next model before the step
    /// and the last, which fills the last buffer, after it. In the silo <see cref="Marching"/> sees to the same.
    /// </summary>
    [Theory, MemberData(nameof(OneWorkerPerBuffer))]
    public async Task GivesTheSameParameters(string name, JobSpec spec)
    {
        spec = spec with { Name = name };
        var softmax = new ClassifierWorkload(ModelCatalog.Softmax, new Synthetic());
        var simulated = await Simulation.RunAsync(spec.ToSimulation() with { EvaluateEvery = null }, softmax, cancellation: TestContext.Current.CancellationToken);
        simulated.Totals.End.Steps.ShouldBe(spec.Steps!.Value);
        simulated.Totals.GradientsApplied.ShouldBe(spec.Steps.Value * spec.Workers);

        var real = await Train(spec, new Marching(softmax));
        real.ShouldBe(simulated.Parameters.ToArray());
    }

    private async Task<float[]> Train(JobSpec spec, Marching workload)
    {
        spec = spec with { Model = workload.Model };
        await using var silo = await RunningSilo.Start(
            services => services.AddSingleton<IWorkload>(workload),
            "--state", directory.Path, "--slots", $"{spec.Workers}", "--Basgd:Worker:Lanes", $"{spec.Workers + 2}");
        try
        {
            var job = await silo.Submit(spec);
            await silo.Until(job, static status => status.Phase == JobPhase.Completed);
            var weights = await WeightsReader.Read(job, spec.EffectiveName, TestContext.Current.CancellationToken);
            return MemoryMarshal.Cast<byte, float>(weights.Bytes).ToArray();
        }
        finally
        {
            workload.Halt();
        }
    }

    /// <summary>
    /// Workers in step: the last one computes its gradient only when all others have fetched the model for their next, and they compute
    /// that one only when the last one has fetched the model that the step made.
    /// </summary>
    private sealed class Marching(IWorkload inner) : IWorkload
    {
        private readonly Lock gate = new();
        private readonly Dictionary<int, long> begun = [];
        private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool halted;

        public string Model => "marching";

        public string Dataset => inner.Dataset;

        public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) => inner.DescribeAsync(cancellation);

        public async ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) =>
            new Learner(this, settings.Workers, await inner.CreateLearnerAsync(settings, cancellation));

        /// <summary>The job is over: nobody waits any more.</summary>
        public void Halt()
        {
            lock (gate) halted = true;
            Move();
        }

        private void Begin(int worker, long sequence, int workers)
        {
            lock (gate) begun[worker] = sequence;
            Move();
            while (true)
            {
                Task next;
                lock (gate)
                {
                    if (halted || MayGo(worker, sequence, workers)) return;
                    next = moved.Task;
                }

                next.Wait();
            }
        }

        private bool MayGo(int worker, long sequence, int workers)
        {
            var last = workers - 1;
            return worker == last
                ? Enumerable.Range(0, last).All(other => begun.GetValueOrDefault(other, -1) > sequence)
                : sequence == 0 || begun.GetValueOrDefault(last, -1) >= sequence;
        }

        private void Move()
        {
            TaskCompletionSource before;
            lock (gate) (before, moved) = (moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            before.SetResult();
        }

        private sealed class Learner(Marching march, int workers, ILearner inner) : ILearner
        {
            public int Dimension => inner.Dimension;

            public void Initialise(Span<float> parameters) => inner.Initialise(parameters);

            public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
            {
                march.Begin(worker, sequence, workers);
                return inner.Gradient(parameters, worker, sequence, gradient);
            }

            public Evaluation Evaluate(ReadOnlySpan<float> parameters) => inner.Evaluate(parameters);

            public void Dispose() => inner.Dispose();
        }
    }
}
