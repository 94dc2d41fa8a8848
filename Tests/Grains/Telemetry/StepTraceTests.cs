using System.Diagnostics;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Grains.Tests.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Telemetry;

/// <summary>The spans of the service, as somebody who listens to its source gets them.</summary>
public sealed class StepTraceTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_step_is_linked_to_its_sampled_contributions_and_has_a_part_for_each_buffer()
    {
        var (listener, ended) = Collected.Trace(static _ => true);
        using var _ = listener;
        SampledContributions first = new(), second = new();
        var trace = Contribute(first, round: 4);
        Contribute(second, round: 5);

        using (var step = new StepTrace("a", new ModelVersion(0, 4), 2, time))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            step.Sealed(0);
            time.Advance(TimeSpan.FromSeconds(1));
            step.Sealed(1);
            step.Begin([Seal(first, 4), Seal(second, 4)]);
            Spans.Part(Spans.Commit)!.Dispose();
        }

        var made = ended.Single(IsLinkedStep);
        made.Parent.ShouldBeNull();
        made.StartTimeUtc.ShouldBe(DateTime.UnixEpoch);
        made.Links.Select(static link => link.Context.TraceId).ShouldBe([trace]);
        var parts = ended.Where(span => span.TraceId == made.TraceId && span != made).ToList();
        parts.Select(static span => span.OperationName).ShouldBe([Spans.Seal, Spans.Seal, Spans.Commit]);
        parts.ShouldAllBe(span => span.ParentSpanId == made.SpanId);
        parts.Take(2).Select(static span => span.Duration).ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
    }

    [Fact]
    public void Nothing_is_kept_or_made_of_what_is_not_sampled()
    {
        var (listener, ended) = Collected.Trace(static _ => false);
        using var _ = listener;
        var sampled = new SampledContributions();
        Contribute(sampled, round: 0);
        sampled.Of(0).ShouldBeNull();

        using (var step = new StepTrace("a", default, 1, time))
        {
            step.Begin([Seal(sampled, 0)]);
            Spans.Part(Spans.Aggregate).ShouldBeNull();
        }

        ended.ShouldAllBe(static span => !span.Recorded);
    }

    [Fact]
    public void What_is_kept_and_linked_is_bounded_and_forgotten_with_its_round()
    {
        var (listener, ended) = Collected.Trace(static _ => true);
        using var _ = listener;
        var sampled = new SampledContributions();
        for (var i = 0; i < 1000; i++) Contribute(sampled, round: 0);
        sampled.Of(0)!.Count.ShouldBeLessThanOrEqualTo(2 * Spans.MaxLinks);

        using (var step = new StepTrace("a", default, 1, time)) step.Begin([Seal(sampled, 0)]);
        ended.Single(IsLinkedStep).Links.Count().ShouldBe(Spans.MaxLinks);

        sampled.Of(1).ShouldBeNull();
        sampled.Of(0).ShouldBeNull();
    }

    /// <summary>Other tests make steps meanwhile, of contributions that are not traced.</summary>
    private static bool IsLinkedStep(Activity span) => span.OperationName == Spans.Step && span.Links.Any();

    private static ActivityTraceId Contribute(SampledContributions buffer, long round)
    {
        using var contribution = Spans.StartContribution("a", 0, 0);
        buffer.Note(round);
        return contribution!.TraceId;
    }

    private static SealedRound Seal(SampledContributions sampled, long round) => new(round, Given.Vector(0), [new Contribution(0, 0)], 0, sampled.Of(round));
}
