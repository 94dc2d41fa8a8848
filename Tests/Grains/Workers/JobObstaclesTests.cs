using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Workers;

public sealed class JobObstaclesTests
{
    private readonly FakeTimeProvider time = new();
    private readonly JobObstacles obstacles;

    public JobObstaclesTests() => obstacles = new JobObstacles(time);

    [Fact]
    public void A_job_that_fails_is_left_alone_for_twice_as_long_each_time_up_to_a_minute()
    {
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            obstacles.Has("job").ShouldBeFalse();
            obstacles.Record("job", "no data").ShouldBe(TimeSpan.FromSeconds(seconds));
            obstacles.Record("job", "no data, too").ShouldBeNull();
            obstacles.Current.ShouldBe(new Dictionary<string, string> { ["job"] = "no data" });
            time.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            obstacles.Has("job").ShouldBeTrue();
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        obstacles.Current.ShouldBeEmpty();
    }

    [Fact]
    public void A_job_that_worked_meanwhile_starts_with_a_short_pause_again()
    {
        obstacles.Record("job", "no data");
        time.Advance(TimeSpan.FromMinutes(1));
        obstacles.Clear("job");
        obstacles.Record("job", "no data").ShouldBe(TimeSpan.FromSeconds(1));
        obstacles.Has("other").ShouldBeFalse();
    }
}
