using Basgd.Learning;

namespace Basgd.Silo.Tests.Hosting;

/// <summary><see cref="LeastSquares"/> that cannot learn for a while.</summary>
internal sealed class FragileWorkload : IWorkload
{
    private readonly LeastSquares whole = new();
    private int alive;

    /// <summary>Thrown when a learner is to be made.</summary>
    public Exception? Unavailable { get; set; }

    /// <summary>Thrown when the data are checked.</summary>
    public Exception? Damage { get; set; }

    /// <summary>Thrown for each gradient.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Learners that were made and not disposed.</summary>
    public int Alive => Volatile.Read(ref alive);

    public string Model => whole.Model;

    public string Dataset => whole.Dataset;

    public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) => whole.DescribeAsync(cancellation);

    public ValueTask CheckDataAsync(CancellationToken cancellation = default) => Damage is { } damage ? throw damage : ValueTask.CompletedTask;

    public async ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default)
    {
        if (Unavailable is { } unavailable) throw unavailable;
        Interlocked.Increment(ref alive);
        return new Learner(this, await whole.CreateLearnerAsync(settings, cancellation));
    }

    private sealed class Learner(FragileWorkload owner, ILearner whole) : ILearner
    {
        public int Dimension => whole.Dimension;

        public void Initialise(Span<float> parameters) => whole.Initialise(parameters);

        public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
        {
            if (owner.Failure is { } failure) throw failure;
            return whole.Gradient(parameters, worker, sequence, gradient);
        }

        public Evaluation Evaluate(ReadOnlySpan<float> parameters) => whole.Evaluate(parameters);

        public void Dispose()
        {
            Interlocked.Decrement(ref owner.alive);
            whole.Dispose();
        }
    }
}
