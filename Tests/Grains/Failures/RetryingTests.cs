using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Failures;

/// <summary>What fails again and again is tried less and less often, and told less and less often.</summary>
public sealed class RetryingTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    [Fact]
    public void Pauses_double_up_to_the_limit_and_begin_again_after_a_success()
    {
        var time = new FakeTimeProvider();
        var backoff = new Backoff(time, First);

        Pauses(6).ShouldBe([1, 2, 4, 5, 5, 5]);
        backoff.Succeed();
        backoff.IsOver.ShouldBeTrue();
        Pauses(2).ShouldBe([1, 2]);

        IEnumerable<int> Pauses(int count)
        {
            for (var i = 0; i < count; i++)
            {
                backoff.Fail(Max).ShouldBeTrue();
                var seconds = 0;
                for (; !backoff.IsOver; seconds++) time.Advance(TimeSpan.FromSeconds(1));
                yield return seconds;
            }
        }
    }

    [Fact]
    public void What_fails_during_a_pause_makes_it_no_longer()
    {
        var time = new FakeTimeProvider();
        var backoff = new Backoff(time, First);

        backoff.Fail(Max).ShouldBeTrue();
        backoff.Fail(Max).ShouldBeFalse();
        time.Advance(First);

        backoff.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void A_problem_is_news_the_first_second_fourth_and_eighth_time()
    {
        var problem = new RepeatedProblem();

        Enumerable.Range(1, 10).Where(i => problem.IsNews($"no answer within {i} s", out _)).ShouldBe([1, 2, 4, 8]);
        problem.IsNews("another", out var count).ShouldBeTrue();
        count.ShouldBe(1);
        problem.Clear();
        problem.IsNews("another", out _).ShouldBeTrue();
    }
}
