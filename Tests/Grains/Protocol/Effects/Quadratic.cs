using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Effects;

/// <summary>
/// A job in miniature: ½ Σ aᵢ wᵢ² from w = (1, …, 1) to 0, by gradients with normal noise, in rounds, with the very cores that
/// the service runs on. What it comes to is a function of the spec, whose seed the noise has.
/// </summary>
/// <param name="curvature">a, d floats.</param>
/// <param name="noise">Standard deviation in every coordinate of a gradient.</param>
internal sealed class Quadratic(JobSpec spec, float[] curvature, double noise) : ILearner
{
    private readonly IRule<float> rule = Rules.Create<float>(spec.Rule, spec.EffectiveTolerate);
    private readonly BufferCore[] buffers = [.. Enumerable.Range(0, spec.Buffers).Select(static _ => new BufferCore())];
    private readonly WorkerCore[] workers = [.. Enumerable.Range(0, spec.Workers).Select(worker => new WorkerCore(spec, worker))];
    private readonly long[] sequences = new long[spec.Workers];
    private ModelState state = ModelState.Initial(ParameterVector.CopyOf([.. curvature.Select(static _ => 1f)]), spec.Workers, spec.Buffers, spec.Ledger);

    public ModelState State => state;

    public int Dimension => curvature.Length;

    /// <summary>‖w‖, the distance to the optimum.</summary>
    public double Distance => Math.Sqrt(Given.Floats(state.Parameters).Sum(static w => (double)w * w));

    /// <summary>How many gradients a worker contributes to each round.</summary>
    public Func<int, int> Rate { get; init; } = static _ => 1;

    /// <summary>By what factor a worker's gradients are too long.</summary>
    public Func<int, float> Scale { get; init; } = static _ => 1;

    /// <summary>Makes steps.</summary>
    /// <returns>Mean distance after each of them.</returns>
    public double Run(int steps) => Enumerable.Range(0, steps).Average(_ =>
    {
        Round();
        return Distance;
    });

    /// <summary>A new silo acts as the worker.</summary>
    public void Restart(int worker) => workers[worker] = new WorkerCore(spec, worker);

    public void Initialise(Span<float> parameters) => parameters.Fill(1);

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        var random = new Random(Seeds.Derive(spec.Seed, worker, sequence, 1));
        for (var i = 0; i < gradient.Length; i++) gradient[i] = Scale(worker) * ((curvature[i] * parameters[i]) + (float)(noise * Normal(random)));
        return 0;
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Round()
    {
        for (var b = 0; b < buffers.Length; b++) buffers[b].Open(Opening(b));
        for (var worker = 0; worker < workers.Length; worker++)
            for (var i = 0; i < Rate(worker); i++)
                Contribute(worker, sequences[worker]++);
        state = Step.Make(state, [.. buffers.Select(buffer => buffer.Seal(state.Version, state.Routing.MappingEpoch)!)], rule, spec.LearningRate, spec.WeightDecay, spec.ServerMomentum);
    }

    private void Contribute(int worker, long sequence)
    {
        var gradient = ParameterVector.Rent(curvature.Length);
        Gradient(state.Parameters.Span, worker, sequence, gradient.Span);
        workers[worker].Prepare(sequence, gradient.Span);
        var submission = new Submission(worker, sequence, 0, state.Version, 0, gradient, workers[worker].MomentumLength);
        var answer = buffers[state.Routing.BufferOf[worker]].Submit(submission);
        answer.Refusal.ShouldBeNull();
        workers[worker].Settle(sequence, answer);
    }

    private BufferOpening Opening(int buffer) => new(
        true,
        state.Version,
        0,
        curvature.Length,
        spec.MaxStaleness,
        state.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).ToDictionary(static entry => entry.Index, entry => state.LastApplied[entry.Index]),
        false,
        spec.WeighWorkersEqually);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
