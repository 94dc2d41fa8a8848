using Basgd.Contracts;
using Basgd.Grains.Tests.Protocol.Effects;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class LedgerReplayerTests
{
    private const int Steps = 40;
    private const long Examples = 1_000;
    private static readonly float[] Curvature = [1, 2, 0.5f, 0.1f, 3];

    private static readonly JobSpec Plain = new() { Workers = 5, Buffers = 3, Tolerate = 1, Ledger = true, LearningRate = 0.05, Seed = 11 };

    public static TheoryData<string> Options => [.. Specs.Keys];

    private static Dictionary<string, JobSpec> Specs => new()
    {
        ["plain"] = Plain,
        ["attacked"] = Plain with { Byzantine = 1, Attack = "random-disturbance" },
        ["momentum"] = Plain with { WorkerMomentum = 0.9, NormaliseWorkerMomentum = true, Byzantine = 1, Attack = "sign-flipping" },
        ["everything"] = Plain with { WorkerMomentum = 0.5, ClipGradient = 0.7, WeighWorkersEqually = true, ServerMomentum = 0.9, WeightDecay = 0.01, Rule = "nnm|trimmed-mean" },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Gives_the_same_bits(string options)
    {
        var job = new Quadratic(Specs[options], Curvature, noise: 0.3) { Rate = static worker => 1 + (worker % 3) };
        job.Run(Steps);
        var replayer = new LedgerReplayer(Specs[options], Examples, job);
        foreach (var entry in job.State.Ledger!.Entries) replayer.Make(entry).ShouldBeNull();
        replayer.Steps.ShouldBe(Steps);
        replayer.Gradients.ShouldBe(job.State.GradientsApplied);
        replayer.DifferenceTo(job.State.Parameters.Span).ShouldBeNull();
    }

    [Fact]
    public void A_bit_that_differs_is_told()
    {
        var job = new Quadratic(Plain, Curvature, noise: 0.3);
        job.Run(3);
        var replayer = new LedgerReplayer(Plain, Examples, job);
        foreach (var entry in job.State.Ledger!.Entries) replayer.Make(entry);
        var stored = Given.Floats(job.State.Parameters);
        stored[3] = MathF.BitIncrement(stored[3]);
        replayer.DifferenceTo(stored).ShouldNotBeNull().ShouldStartWith("1 of 5 parameters differ, the first at 3");
        replayer.DifferenceTo(stored.AsSpan(1)).ShouldNotBeNull();
    }

    [Fact]
    public void Another_gradient_makes_another_model()
    {
        var job = new Quadratic(Plain, Curvature, noise: 0.3);
        job.Run(3);
        var replayer = new LedgerReplayer(Plain, Examples, job);
        foreach (var entry in job.State.Ledger!.Entries) replayer.Make(Change(entry, static c => c.Worker == 2 ? c with { Sequence = c.Sequence + 1 } : c)).ShouldBeNull();
        replayer.DifferenceTo(job.State.Parameters.Span).ShouldNotBeNull();
    }

    [Fact]
    public void Momentum_that_started_anew_starts_anew()
    {
        var spec = Specs["momentum"];
        var job = new Quadratic(spec, Curvature, noise: 0.3);
        job.Run(5);
        job.Restart(1);
        job.Run(5);
        var replayer = new LedgerReplayer(spec, Examples, job);
        foreach (var entry in job.State.Ledger!.Entries) replayer.Make(entry).ShouldBeNull();
        replayer.DifferenceTo(job.State.Parameters.Span).ShouldBeNull();
    }

    [Fact]
    public void Momentum_of_gradients_that_no_step_has_cannot_be_made_again()
    {
        var spec = Specs["momentum"];
        var job = new Quadratic(spec, Curvature, noise: 0.3) { Rate = static worker => worker == 1 ? 2 : 1 };
        job.Run(2);
        var replayer = new LedgerReplayer(spec, Examples, job);
        var entries = job.State.Ledger!.Entries;
        replayer.Make(entries[0] with { Buffers = [.. entries[0].Buffers.Select(static buffer => buffer.Where(static c => c is not { Worker: 1, Sequence: 1 }).ToArray())] }).ShouldBeNull();
        replayer.Make(entries[1]).ShouldBe("step 2: worker 1's 2 is made of 3 gradients, of which some are in no step");
    }

    [Fact]
    public void A_model_that_was_never_there_and_a_step_out_of_turn_cannot_be_made_again()
    {
        var job = new Quadratic(Plain, Curvature, noise: 0.3);
        job.Run(2);
        var replayer = new LedgerReplayer(Plain, Examples, job);
        replayer.Make(job.State.Ledger!.Entries[1]).ShouldBe("step 2 follows step 0");
        replayer.Make(Change(job.State.Ledger.Entries[0], static c => c with { Version = Given.At(7) })).ShouldNotBeNull().ShouldContain("not at hand");
    }

    private static LedgerEntry Change(LedgerEntry entry, Func<Contribution, Contribution> change) =>
        entry with { Buffers = [.. entry.Buffers.Select(buffer => buffer.Select(change).ToArray())] };
}
