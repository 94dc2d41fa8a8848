using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class RoundTrackerTests
{
    [Fact]
    public void Is_full_when_every_buffer_is_however_often_each_says_so()
    {
        var rounds = new RoundTracker(2);
        rounds.AnyFull.ShouldBeFalse();
        rounds.Full(0, 0);
        rounds.Full(0, 0);
        rounds.AnyFull.ShouldBeTrue();
        rounds.AllFull.ShouldBeFalse();
        rounds.Full(1, 0);
        rounds.AllFull.ShouldBeTrue();
    }

    [Fact]
    public void What_fills_while_the_step_is_made_counts_for_the_next_round()
    {
        var rounds = new RoundTracker(2);
        rounds.Full(0, 0);
        rounds.Full(1, 0);
        rounds.Full(1, 1);
        rounds.Advance();
        rounds.AllFull.ShouldBeFalse();
        rounds.Full(0, 1);
        rounds.AllFull.ShouldBeTrue();
        rounds.Advance();
        rounds.AnyFull.ShouldBeFalse();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Rounds_gone_by_or_further_ahead_are_ignored(long round)
    {
        var rounds = new RoundTracker(1);
        rounds.Restart(5);
        rounds.Full(0, round);
        rounds.AnyFull.ShouldBeFalse();
        rounds.Advance();
        rounds.AnyFull.ShouldBeFalse();
    }

    [Fact]
    public void A_buffer_that_lost_what_it_had_counts_for_neither_round()
    {
        var rounds = new RoundTracker(1);
        rounds.Full(0, 0);
        rounds.Full(0, 1);
        rounds.NotFull(0);
        rounds.AnyFull.ShouldBeFalse();
        rounds.Advance();
        rounds.AnyFull.ShouldBeFalse();
    }

    [Fact]
    public void Restart_forgets_all()
    {
        var rounds = new RoundTracker(1);
        rounds.Full(0, 0);
        rounds.Full(0, 1);
        rounds.Restart(1);
        rounds.AnyFull.ShouldBeFalse();
        rounds.Full(0, 1);
        rounds.AllFull.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_buffer_that_does_not_exist_is_an_error(int buffer) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RoundTracker(2).Full(buffer, 0));
}
