using System.Diagnostics;
using Basgd.Grains.Telemetry;
using Basgd.Silo.Telemetry;
using OpenTelemetry.Trace;

namespace Basgd.Silo.Tests.Telemetry;

public sealed class RootSamplerTests
{
    private static readonly ActivityLink[] Link = [new(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded))];

    [Fact]
    public void The_given_share_of_contributions_is_traced() =>
        Enumerable.Range(0, 10_000).Count(static _ => IsSampled(0.1, Spans.Contribution)).ShouldBeInRange(800, 1200);

    [Fact]
    public void All_or_none_of_them_can_be()
    {
        IsSampled(1, Spans.Contribution).ShouldBeTrue();
        IsSampled(0, Spans.Contribution).ShouldBeFalse();
    }

    [Fact]
    public void A_step_is_traced_where_a_contribution_in_it_is()
    {
        IsSampled(0.001, Spans.Step, Link).ShouldBeTrue();
        IsSampled(1, Spans.Step).ShouldBeFalse();
    }

    [Fact]
    public void A_call_between_grains_begins_no_trace() => IsSampled(1, "IModelGrain/GetStatus").ShouldBeFalse();

    private static bool IsSampled(double ratio, string name, IEnumerable<ActivityLink>? links = null) =>
        new RootSampler(ratio).ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), name, ActivityKind.Internal, null, links)).Decision == SamplingDecision.RecordAndSample;
}
