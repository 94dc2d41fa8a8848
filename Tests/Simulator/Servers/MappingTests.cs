using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator.Tests.Servers;

/// <summary>The simulated server changes its mapping as the service does.</summary>
public sealed class MappingTests
{
    [Fact]
    public void A_planned_mapping_goes_before_growth_at_the_same_step()
    {
        var spec = new SimulationSpec
        {
            Workers = 4,
            Server = new BasgdServer { Buffers = 4, Rule = "mean", ReassignAfterSeconds = 5, ShrinkBuffers = true, ReshuffleEverySteps = 2 },
        };
        var job = spec.ToJob();
        using var server = new BufferedServer(spec, job, new Horizon(job, 1000), ParameterVector.Zeros(2));

        // Two of four workers are active: two buffers are left.
        Send(0, at: 0);
        Send(1, at: 0);
        server.TimeOut(6);
        (server.State.Routing.Buffers, server.State.Routing.Planned).ShouldBe((2, 0));
        SendToBoth(at: 7);
        server.State.Version.Step.ShouldBe(1);

        // At step 2 workers are dealt again by plan, and all four have been active for long enough for four buffers.
        Send(2, at: 12);
        Send(3, at: 12);
        server.State.Version.Step.ShouldBe(2);
        (server.State.Routing.Buffers, server.State.Routing.Planned).ShouldBe((2, 1));

        SendToBoth(at: 12);
        server.State.Version.Step.ShouldBe(3);
        (server.State.Routing.Buffers, server.State.Routing.Planned).ShouldBe((4, 1));

        void SendToBoth(double at)
        {
            for (var b = 0; b < 2; b++) Send(server.State.Routing.BufferOf.Index().First(entry => entry.Item == b).Index, at);
        }

        void Send(int worker, double at)
        {
            var state = server.State;
            var gradient = ParameterVector.Zeros(2);
            var answer = server.Receive(new Submission(worker, state.LastApplied[worker] + 10, state.Routing.MappingEpoch, state.Version, 1, gradient), state.Parameters, at);
            answer.Verdict.ShouldBe(Verdict.Taken);
        }
    }
}
