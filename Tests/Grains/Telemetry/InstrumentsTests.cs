using Basgd.Contracts;
using Basgd.Contracts.Connections;
using Basgd.Grains.Telemetry;

namespace Basgd.Grains.Tests.Telemetry;

public sealed class InstrumentsTests : IDisposable
{
    private readonly Collected collected = new();

    public void Dispose() => collected.Dispose();

    [Fact]
    public void Answers_are_counted_by_outcome_and_only_what_is_accepted_has_a_staleness()
    {
        var buffers = collected.Get<BufferInstruments>();
        buffers.Answered("a", 3, null, 2);
        buffers.Answered("a", 3, Refusal.TooStale, 70);
        collected.Measurements.ShouldBe(
        [
            "basgd.contributions basgd.job=a basgd.outcome=accepted basgd.worker=3 = 1",
            "basgd.staleness basgd.job=a = 2",
            "basgd.contributions basgd.job=a basgd.outcome=too_stale basgd.worker=3 = 1",
        ]);
    }

    [Fact]
    public void A_worker_that_the_buffer_does_not_know_makes_no_series()
    {
        collected.Get<BufferInstruments>().Answered("a", null, Refusal.WrongBuffer, 0);
        collected.Measurements.ShouldBe(["basgd.contributions basgd.job=a basgd.outcome=wrong_buffer = 1"]);
    }

    [Fact]
    public void Every_counter_of_a_job_begins_with_0()
    {
        collected.Get<BufferInstruments>().Begin("a");
        collected.Get<ModelInstruments>().Begin("a");
        collected.Measurements.ShouldBe(
        [
            .. Enum.GetValues<Refusal>().Select(static refusal => $"basgd.contributions basgd.job=a basgd.outcome={BufferInstruments.Outcome(refusal)} = 0"),
            "basgd.contributions basgd.job=a basgd.outcome=accepted = 0",
            "basgd.reassignments basgd.job=a = 0",
            "basgd.steps basgd.job=a = 0",
        ], ignoreOrder: true);
    }

    [Fact]
    public void Refused_connections_are_counted_by_reason_from_0()
    {
        var connections = collected.Get<ConnectionInstruments>();
        collected.Gauges().ShouldBe([.. Refused(0)], ignoreOrder: true);
        connections.Refused(ConnectionRefusal.WrongToken);
        collected.Gauges().ShouldBe([.. Refused(1)], ignoreOrder: true);

        static IEnumerable<string> Refused(int wrongTokens) =>
            new[] { ("no_token", 0), ("wrong_token", wrongTokens), ("no_tls", 0), ("wrong_certificate", 0) }.Select(static counted => $"basgd.connections.refused basgd.reason={counted.Item1} = {counted.Item2}");
    }

    [Fact]
    public void A_gauge_is_answered_by_those_who_live_here_and_have_something_to_say()
    {
        var jobs = collected.Get<JobInstruments>();
        double? accuracy = null;
        using var first = jobs.Accuracy.Watch("a", () => accuracy);
        var second = jobs.Accuracy.Watch("b", static () => 0.25);
        collected.Gauges().ShouldBe(["basgd.evaluation.accuracy basgd.job=b = 0.25"]);

        accuracy = 0.5;
        second.Dispose();
        collected.Gauges().ShouldBe(["basgd.evaluation.accuracy basgd.job=a = 0.5"]);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_timed_with_its_error_which_goes_on()
    {
        var storage = collected.Get<StorageInstruments>();
        await storage.Persist("a", "model", static () => Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => storage.Persist("a", "buffer", static () => throw new IOException()));

        collected.Measurements.Select(static said => said.Split(" = ")[0]).ShouldBe(
        [
            "basgd.persist.duration basgd.job=a basgd.state=model",
            "basgd.persist.duration basgd.job=a basgd.state=buffer error.type=other",
        ]);
    }

    public static TheoryData<Exception, string> Causes => new()
    {
        { new Contracts.StorageFailedException("no answer", "timeout"), "timeout" },
        { new Contracts.StorageFailedException("no room", "full"), "full" },
        { new Orleans.Storage.InconsistentStateException("changed"), "conflict" },
        { new OrleansException("odd"), "other" },
    };

    [Theory, MemberData(nameof(Causes))]
    public async Task The_error_is_the_cause(Exception failure, string cause)
    {
        await Should.ThrowAsync<Exception>(() => collected.Get<StorageInstruments>().Persist("a", "model", () => throw failure));

        collected.Measurements.Single().ShouldContain($"error.type={cause} = ");
    }
}
