using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A workload of a user's own, without a learning library: y = ⟨w*, x⟩, to be found by half the mean squared error.</summary>
internal sealed class LeastSquares : IWorkload
{
    /// <summary>w*.</summary>
    public static readonly float[] Truth = [2, -1, 0.5f];

    /// <summary>4 workers of which the last attacks, 3 buffers, 200 steps.</summary>
    public static JobSpec Job(string name) => new()
    {
        Name = name,
        Model = "linear",
        Dataset = "plane",
        Workers = 4,
        Buffers = 3,
        Byzantine = 1,
        Attack = "negative-gradient(k=10)",
        Steps = 200,
        EvaluateEverySeconds = 0,
    };

    public string Model => "linear";

    public string Dataset => "plane";

    public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
        ValueTask.FromResult(new WorkloadDescription(Truth.Length, 1_000, [new ParameterShape("weight", [Truth.Length])]));

    public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) =>
        ValueTask.FromResult<ILearner>(new Learner(settings));

    private sealed class Learner(LearnerSettings settings) : ILearner
    {
        private const int HeldOut = 200;
        private const float Near = 0.1f;

        public int Dimension => Truth.Length;

        public void Initialise(Span<float> parameters) => parameters.Clear();

        public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
        {
            var random = new Random(Seeds.Derive(settings.Seed, worker, sequence));
            gradient.Clear();
            var loss = 0.0;
            for (var i = 0; i < settings.BatchSize; i++)
            {
                var (x, error) = Example(random, parameters);
                for (var j = 0; j < x.Length; j++) gradient[j] += error * x[j] / settings.BatchSize;
                loss += error * error / 2 / settings.BatchSize;
            }

            return loss;
        }

        public Evaluation Evaluate(ReadOnlySpan<float> parameters)
        {
            var random = new Random(Seeds.Derive(settings.Seed, -1));
            var (loss, right) = (0.0, 0);
            for (var i = 0; i < HeldOut; i++)
            {
                var (_, error) = Example(random, parameters);
                loss += error * error / 2 / HeldOut;
                if (Math.Abs(error) < Near) right++;
            }

            return new Evaluation(loss, (double)right / HeldOut, HeldOut);
        }

        public void Dispose()
        {
        }

        private static (float[] X, float Error) Example(Random random, ReadOnlySpan<float> parameters)
        {
            var x = new float[Truth.Length];
            var error = 0f;
            for (var j = 0; j < x.Length; j++)
            {
                x[j] = (2 * random.NextSingle()) - 1;
                error += (parameters[j] - Truth[j]) * x[j];
            }

            return (x, error);
        }
    }
}
