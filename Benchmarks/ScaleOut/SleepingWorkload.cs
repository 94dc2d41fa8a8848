using Basgd.Learning;

namespace Basgd.Benchmarks.ScaleOut;

/// <summary>A gradient that takes time and no processor, as on a machine of its own: so four worker silos fit on two cores.</summary>
/// <param name="dataset">Names the delays.</param>
/// <param name="delay">By worker.</param>
internal sealed class SleepingWorkload(string dataset, Func<int, TimeSpan> delay) : IWorkload, ILearner
{
    public const string Name = "sleeping";

    /// <summary>How much longer the straggler takes.</summary>
    public const int Slowness = 10;

    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    /// <summary>All workers alike.</summary>
    public static readonly SleepingWorkload Even = new("even", static _ => Delay);

    /// <summary>Worker 0 takes ten times as long as the others.</summary>
    public static readonly SleepingWorkload OneStraggler = new("one-straggler", static worker => worker == 0 ? Slowness * Delay : Delay);

    public static readonly SleepingWorkload[] All = [Even, OneStraggler];

    public string Model => Name;

    public string Dataset => dataset;

    public int Dimension => 1_000;

    /// <summary>Takes as long as a gradient of the worker.</summary>
#pragma warning disable RS0030 // A sleep that stands for work awaits nothing.
    public void Work(int worker) => Thread.Sleep(delay(worker));
#pragma warning restore RS0030

    public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
        new(new WorkloadDescription(Dimension, 1_000, [new ParameterShape("w", [Dimension])]));

    public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) => new(this);

    public void Initialise(Span<float> parameters) => parameters.Clear();

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        Work(worker);
        gradient.Fill(worker);
        return 0;
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters) => new(0, 0, 1);

    public void Dispose()
    {
    }
}
