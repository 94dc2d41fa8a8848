using Basgd.Contracts;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Every number that a job spec may have trains, or fails the job with a message: none makes it stand still without a word.</summary>
[Trait("category", "slow")]
public sealed class ExtremeSpecTests : IDisposable
{
    private static readonly JobSpec Plain = LeastSquares.Job("extreme") with { Byzantine = 0, Attack = "none", Rule = "mean", Steps = 1_000_000 };
    private static readonly JobSpec Defended = LeastSquares.Job("extreme") with { Steps = 1_000_000, ShrinkBuffers = true };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    private static readonly JobSpec[] Extremes =
    [
        Plain with { LearningRate = double.MaxValue },
        Plain with { LearningRate = double.Epsilon },
        Plain with { DecayFactor = double.MaxValue, DecayAtEpochs = [double.Epsilon] },
        Plain with { DecayFactor = double.Epsilon, DecayAtEpochs = [double.Epsilon, double.MaxValue] },
        Plain with { WeightDecay = double.MaxValue },
        Plain with { Batch = 1_000 },
        Plain with { Steps = null, Epochs = double.MaxValue },
        Plain with { Steps = long.MaxValue },
        Plain with { Seed = ulong.MaxValue },
        Plain with { DirichletAlpha = double.Epsilon },
        Plain with { Durability = Durability.Interval, CheckpointSteps = long.MaxValue, CheckpointSeconds = double.Epsilon },
        Plain with { MaxStaleness = long.MaxValue },
        Plain with { MaxStaleness = 0 },
        Plain with { ReassignAfterSeconds = double.Epsilon },
        Plain with { EvaluateEverySeconds = double.Epsilon },
        Plain with { WorkerMomentum = Math.BitDecrement(1.0) },
        Plain with { ServerMomentum = Math.BitDecrement(1.0) },
        Plain with { ClipGradient = double.Epsilon },
        Plain with { ClipGradient = double.MaxValue },
        Plain with { AggregationThreads = 1_024 },
        Plain with { ReshuffleEverySteps = long.MaxValue },
        Plain with { ReshuffleEverySteps = 1 },
        Defended with { QuarantineAfterRounds = int.MaxValue, QuarantineThreshold = Math.BitDecrement(1.0) },
        Defended with { QuarantineAfterRounds = 1, QuarantineThreshold = Math.BitIncrement(0.5), ReshuffleEverySteps = 1 },
    ];

    [Fact]
    public async Task Numbers_that_are_accepted_train_or_fail_the_job_with_a_message()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--slots", "8");
        foreach (var (number, extreme) in Extremes.Index())
        {
            var job = await silo.Submit(extreme with { Name = $"extreme-{number}" });
            JobStatus? status = null;
            try
            {
                await RunningSilo.Until(async () => (status = await job.GetStatus()) is { Version.Step: >= 3 } or { Phase: JobPhase.Failed });
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{extreme} stands still: {status}");
            }

            if (status!.Phase == JobPhase.Failed) status.Message.ShouldNotBeNullOrEmpty();
            else await job.Stop();
        }
    }
}
