using System.Security.Cryptography;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Contracts.Exporting;

namespace Basgd.Cluster.Tests;

/// <summary>With one worker there is one order of events, so one outcome.</summary>
[Trait("category", "slow")]
public sealed class DeterminismTests
{
    private const long Steps = 400;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly JobSpec Spec = new() { Name = "alone", Dataset = "synthetic", Workers = 1, Buffers = 1, LearningRate = 0.05, Steps = Steps, Seed = 7 };

    [Fact]
    public async Task One_worker_and_the_same_seed_give_the_same_bits_also_through_a_kill()
    {
        var first = await Run(Spec, killed: false);
        (await Run(Spec, killed: false)).ShouldBe(first);
        (await Run(Spec, killed: true)).ShouldBe(first);
        (await Run(Spec with { Seed = 8 }, killed: false)).ShouldNotBe(first);
    }

    /// <summary>SHA-256 of the final parameters.</summary>
    private static async Task<string> Run(JobSpec spec, bool killed)
    {
        using var state = new StateFolder();
        if (killed)
        {
            await using var victim = await SiloProcess.Start(state.Path);
            await victim.Job(spec.EffectiveName).Submit(spec);
            var last = await victim.Until(spec.EffectiveName, static status => status.Version.Step >= Steps / 4, Limit);
            await victim.Kill();
            last.Phase.ShouldBe(JobPhase.Running);
        }

        await using var silo = await SiloProcess.Start(state.Path);
        var end = await silo.Train(spec, Limit);
        end.Phase.ShouldBe(JobPhase.Completed);
        end.Version.ShouldBe(new ModelVersion(0, Steps));
        return Convert.ToHexString(SHA256.HashData((await WeightsReader.Read(silo.Job(spec.EffectiveName), spec.EffectiveName, TestContext.Current.CancellationToken)).Bytes));
    }
}
