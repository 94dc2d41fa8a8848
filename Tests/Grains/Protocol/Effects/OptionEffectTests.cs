using Basgd.Contracts;

namespace Basgd.Grains.Tests.Protocol.Effects;

/// <summary>What each option is for. The start is √20 ≈ 4.5 away from the optimum.</summary>
public sealed class OptionEffectTests
{
    private static readonly float[] Isotropic = [.. Enumerable.Repeat(1f, 20)];

    /// <summary>The median loses honest gradients to the noise that covers the attack; momentum takes the noise away first.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Worker_momentum_comes_closer_to_the_optimum_under_attack(ulong seed)
    {
        var spec = new JobSpec { Workers = 8, Buffers = 5, Byzantine = 2, Attack = "negative-gradient(k=10)", Rule = "median", Seed = seed };
        Settled(spec with { WorkerMomentum = 0.9 }).ShouldBeLessThan(0.85 * Settled(spec));

        static double Settled(JobSpec spec)
        {
            var job = new Quadratic(spec, Isotropic, noise: 1);
            job.Run(300);
            return job.Run(300);
        }
    }

    /// <summary>Plain, the mean of the buffer is (3 − 10)/13 of the gradient: uphill.</summary>
    [Fact]
    public void A_worker_that_floods_its_buffer_is_one_among_others_where_workers_weigh_equally()
    {
        var spec = new JobSpec { Workers = 4, Buffers = 1, Byzantine = 1, Tolerate = 0, Attack = "negative-gradient(k=1)", Rule = "mean" };
        var equally = spec with { WeighWorkersEqually = true };
        Distance(spec, rate: 1).ShouldBeLessThan(0.1);
        Distance(spec, rate: 10).ShouldBeGreaterThan(10);
        Distance(equally, rate: 10).ShouldBe(Distance(equally, rate: 1), 1e-4);

        static double Distance(JobSpec spec, int rate)
        {
            var job = new Quadratic(spec, Isotropic, noise: 0) { Rate = worker => spec.IsByzantine(worker) ? rate : 1 };
            job.Run(100);
            return job.Distance;
        }
    }

    [Fact]
    public void Clipping_bounds_the_pull_of_an_outlier()
    {
        var spec = new JobSpec { Workers = 5, Buffers = 5, Rule = "mean" };
        WithAnOutlier(spec).Run(10).ShouldBeGreaterThan(1000);

        var clipped = WithAnOutlier(spec with { ClipGradient = 5 });
        clipped.Run(200);
        clipped.Distance.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Normalised_momentum_bounds_the_pull_of_every_worker_to_1()
    {
        var spec = new JobSpec { Workers = 5, Buffers = 5, Rule = "mean", WorkerMomentum = 0.9 };
        WithAnOutlier(spec).Run(10).ShouldBeGreaterThan(20);

        var normalised = WithAnOutlier(spec with { NormaliseWorkerMomentum = true });
        var before = normalised.Distance;
        for (var step = 0; step < 100; step++)
        {
            normalised.Run(1);
            Math.Abs(normalised.Distance - before).ShouldBeLessThanOrEqualTo(spec.LearningRate * 1.0001);
            before = normalised.Distance;
        }

        before.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Server_momentum_speeds_up_an_ill_conditioned_problem()
    {
        float[] curvature = [.. Enumerable.Range(0, 20).Select(static i => (float)Math.Pow(0.01, i / 19.0))];
        var spec = new JobSpec { Workers = 4, Buffers = 2, LearningRate = 1, Rule = "mean" };
        Distance(spec).ShouldBeGreaterThan(0.1);
        Distance(spec with { ServerMomentum = 0.9 }).ShouldBeLessThan(1e-3);

        double Distance(JobSpec spec)
        {
            var job = new Quadratic(spec, curvature, noise: 0);
            job.Run(200);
            return job.Distance;
        }
    }

    /// <summary>An honest worker whose data is badly scaled.</summary>
    private static Quadratic WithAnOutlier(JobSpec spec) =>
        new(spec, Isotropic, noise: 0.1) { Scale = static worker => worker == 0 ? 1000 : 1 };
}
