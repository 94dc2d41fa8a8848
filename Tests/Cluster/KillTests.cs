using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests;

/// <summary>kill -9 of the silo at any moment costs at most the round that was being filled.</summary>
[Trait("category", "slow")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 10;
    private const long Steps = 2000;
    private const int Gap = 120;
    private const double Noise = 0.03;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // The rate decays so that the end does not depend on the last few gradients; 2000 steps of 5 or more are at least 4 epochs.
    private static readonly JobSpec Spec = new()
    {
        Name = "killed", Model = "softmax", Workers = 8, Byzantine = 2, Attack = "negative-gradient(k=10)", Buffers = 5,
        LearningRate = 0.05, DecayAtEpochs = [2, 3], Steps = Steps, EvaluateEverySeconds = 0,
    };

    [Fact]
    public async Task A_job_that_is_killed_ten_times_ends_where_and_as_well_as_an_undisturbed_one()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed of the moments to kill at: {seed}");
        var random = new Random(seed);
        using var state = new StateFolder();
        var reported = 0L;
        for (var life = 0; life < Kills; life++)
        {
            await using var silo = await SiloProcess.Start(state.Path);
            if (life == 0) await silo.Job(Spec.EffectiveName).Submit(Spec);
            var moment = reported + random.Next(1, Gap);
            var last = await silo.Until(Spec.EffectiveName, NeverBack(moment), Limit);
            await silo.Kill();
            last.Phase.ShouldBe(JobPhase.Running);
            output.WriteLine($"killed at step {reported = last.Version.Step}, drawn {moment}");
        }

        await using var survivor = await SiloProcess.Start(state.Path);
        var end = await survivor.Until(Spec.EffectiveName, status => NeverBack(Steps)(status) && status.Phase != JobPhase.Running, Limit);
        end.Phase.ShouldBe(JobPhase.Completed);
        end.Version.Step.ShouldBe(Steps);

        var accuracy = (await survivor.Job(Spec.EffectiveName).Evaluate()).Accuracy;
        var undisturbed = await Undisturbed();
        output.WriteLine($"accuracy {accuracy}, undisturbed {undisturbed}");
        accuracy.ShouldBe(undisturbed, Noise);

        Func<JobStatus, bool> NeverBack(long step) => status =>
        {
            status.Version.Step.ShouldBeGreaterThanOrEqualTo(reported, "a step that was reported durable is lost");
            reported = status.Version.Step;
            return reported >= step;
        };
    }

    private static async Task<double> Undisturbed()
    {
        using var state = new StateFolder();
        await using var silo = await SiloProcess.Start(state.Path);
        var end = await silo.Train(Spec, Limit);
        end.Version.Step.ShouldBe(Steps);
        return (await silo.Job(Spec.EffectiveName).Evaluate()).Accuracy;
    }
}
