using System.Net;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Transfers;

public sealed class IntakeTests
{
    private const string Job = "job";
    private const int Dimension = 8 << 20;
    private const int Room = 6;

    private readonly FakeTimeProvider time = new();
    private readonly Senders senders = new();
    private readonly Intake intake;

    public IntakeTests() => intake = new Intake(senders, new Rooms(), time);

    [Fact]
    public async Task Senders_that_trickle_hold_up_the_next_for_a_turn_at_most()
    {
        Task<string?>[] trickling = [Take(0), Take(1)];
        var honest = Take(2);
        senders.Asked.ShouldBe(2);

        time.Advance(Intake.LongestTurn);
        await Until(() => senders.Asked == 3);
        senders.Deliver(2);

        (await honest).ShouldBe("taken");
        trickling.ShouldAllBe(static task => !task.IsCompleted);
    }

    [Fact]
    public async Task However_often_a_worker_asks_the_others_have_their_turns()
    {
        Task[] greedy = [.. Enumerable.Range(0, 6).Select(_ => Take(0))];
        var other = Take(1);

        // Two are at it, one of the others has waited as long as anybody.
        time.Advance(Intake.LongestTurn);
        await Until(() => senders.Asked == 4);
        senders.Deliver(2);
        senders.Deliver(3);

        (await other).ShouldBe("taken");
        greedy.Count(static task => task.IsCompleted).ShouldBe(1);
    }

    [Fact]
    public async Task What_finds_no_room_comes_in_when_a_vector_is_returned_or_is_told_to_come_again()
    {
        List<ParameterVector> means = [];
        for (var i = 0; i < Room; i++)
        {
            var kept = Take(i, means);
            senders.Deliver(i);
            await kept;
        }

        var late = Take(7);
        var never = Take(8);
        senders.Asked.ShouldBe(Room);
        means[0].Return();
        await Until(() => senders.Asked == Room + 1);
        time.Advance(Intake.Patience);
        (await never).ShouldBeNull();
        senders.Deliver(Room);
        (await late).ShouldBe("taken");
        foreach (var mean in means) mean.Return();
    }

    [Fact]
    public async Task A_sender_that_fails_leaves_no_place_behind()
    {
        for (var i = 0; i < 3 * Room; i++)
        {
            var failed = Take(i);
            senders.Fail(i);
            (await failed).ShouldBeNull();
        }

        var next = Take(0);
        senders.Deliver(3 * Room);
        (await next).ShouldBe("taken");
    }

    private Task<string?> Take(int worker, List<ParameterVector>? keep = null) => intake.Take(Job, Room, worker, Senders.Offer, gradient =>
    {
        keep?.Add(gradient.Share());
        return Task.FromResult("taken")!;
    })!;

    private static async Task Until(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo()) await Task.Delay(1, limit.Token);
    }

    /// <summary>Others, who send when they are told to.</summary>
    private sealed class Senders : IGradientSource
    {
        public static readonly VectorOffer Offer = new(SiloAddress.New(IPAddress.Loopback, 9, 1), Guid.NewGuid(), Dimension);

        private readonly List<(TaskCompletionSource<bool> Sent, IDisposable Place)> asked = [];

        public int Asked
        {
            get
            {
                lock (asked) return asked.Count;
            }
        }

        public bool IsHere(VectorOffer offer) => false;

        public async Task<ParameterVector?> FetchOwn(VectorOffer offer, IDisposable place)
        {
            var sent = new TaskCompletionSource<bool>();
            lock (asked) asked.Add((sent, place));
            return await sent.Task ? ParameterVector.Rent(1, VectorPassage.Given, place) : null;
        }

        public void Deliver(int index) => At(index).SetResult(true);

        public void Fail(int index) => At(index).SetResult(false);

        private TaskCompletionSource<bool> At(int index)
        {
            lock (asked) return asked[index].Sent;
        }
    }
}
