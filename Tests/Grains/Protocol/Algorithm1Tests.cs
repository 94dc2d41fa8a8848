using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>The core, driven as one server without faults, does what the paper's Algorithm 1 does, arrival by arrival.</summary>
public sealed class Algorithm1Tests
{
    private const int Dimension = 19;
    private const double Eta = 0.1;

    public static TheoryData<int, int, string> Settings => new()
    {
        { 1, 1, "mean" }, { 5, 5, "median" }, { 4, 4, "mean" }, { 8, 4, "median" }, { 8, 5, "median" }, { 7, 3, "mean" }, { 6, 1, "mean" },
    };

    [Theory, MemberData(nameof(Settings))]
    public void Equals_the_paper_step_by_step(int workers, int buffers, string rule) =>
        Gen.Select(Gen.Int[0, workers - 1], Gen.Float[-2, 2].Array[Dimension], Gen.Int[0, 19]).List[1, 120].Sample(arrivals =>
        {
            var start = new float[Dimension];
            Array.Fill(start, 0.5f);
            var paper = new Algorithm1(start, workers, buffers, (float)Eta, rows => Algorithm1.Aggregate(rule, rows));
            var server = new Server(start, workers, buffers, Rules.Create<float>(rule));
            foreach (var (worker, gradient, timer) in arrivals)
            {
                if (timer == 0) server.TimeOut().ShouldBe(paper.TimeOut());
                server.Receive(worker, gradient).ShouldBe(paper.Receive(worker, gradient), Tolerance(rule));
                server.ShouldEqual(paper);
            }
        }, iter: 200);

    /// <summary>The mean sums in an order of its own; the median of floats is exact.</summary>
    private static double Tolerance(string rule) => rule == "median" ? 0 : 1e-5;

    /// <summary>B buffers, a tracker and a model: what the grains are shells of.</summary>
    private sealed class Server
    {
        private readonly IRule<float> rule;
        private readonly BufferCore[] buffers;
        private readonly RoundTracker rounds;
        private readonly long[] sequences;
        private ModelState state;

        public Server(float[] start, int workers, int buffers, IRule<float> rule)
        {
            this.rule = rule;
            this.buffers = [.. Enumerable.Range(0, buffers).Select(_ => new BufferCore())];
            rounds = new RoundTracker(buffers);
            sequences = new long[workers];
            state = ModelState.Initial(ParameterVector.CopyOf(start), workers, buffers);
            Open();
        }

        public float[] Receive(int worker, float[] gradient)
        {
            var b = state.Routing.BufferOf[worker];
            buffers[b].ShouldAccept(new Submission(worker, sequences[worker]++, state.Routing.MappingEpoch, state.Version, 1, Given.Vector(gradient)));
            rounds.Full(b, buffers[b].Round);
            if (rounds.AllFull)
            {
                state = Step.Make(state, [.. buffers.Select(buffer => buffer.Seal(state.Version, state.Routing.MappingEpoch)!)], rule, Eta, weightDecay: 0);
                rounds.Advance();
                foreach (var buffer in buffers) buffer.Commit(state.Version);
            }

            return Given.Floats(state.Parameters);
        }

        public bool TimeOut()
        {
            var active = buffers.SelectMany(static buffer => buffer.Report().Heard).ToHashSet();
            if (Mapping.Reassign(state.Routing, active, buffers.Length) is not { } routing) return false;
            state = state with { Routing = routing };
            rounds.Restart(state.Version.Step);
            Open();
            return true;
        }

        public void ShouldEqual(Algorithm1 paper)
        {
            state.Version.Step.ShouldBe(paper.StepsMade);
            state.Routing.BufferOf.ShouldBe(paper.BufferOf);
            buffers.Select(static buffer => buffer.Filled).ShouldBe(paper.Counts);
            for (var b = 0; b < buffers.Length; b++)
                if (buffers[b].Filled > 0) Given.Floats(buffers[b].Save().Means[BufferMean.Everyone]).ShouldBe(paper.BufferMean(b));
        }

        private void Open()
        {
            for (var b = 0; b < buffers.Length; b++)
            {
                var mapped = state.Routing.BufferOf.Index().Where(entry => entry.Item == b).ToDictionary(static entry => entry.Index, entry => state.LastApplied[entry.Index]);
                buffers[b].Open(new BufferOpening(true, state.Version, state.Routing.MappingEpoch, Dimension, 10, mapped, false, false));
            }
        }
    }
}
