using Basgd.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Jobs;

/// <summary>What a job makes of what worker silos say.</summary>
public sealed class WorkProblemsTests
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(15);
    private static readonly WorkProblem Damaged = new("labels are cut short", true);
    private static readonly WorkProblem Absent = new("data cannot be had", false);

    private readonly FakeTimeProvider time = new();
    private readonly WorkProblems problems;

    public WorkProblemsTests() => problems = new WorkProblems(time);

    [Fact]
    public void The_newest_problem_is_shown_until_a_worker_succeeds()
    {
        problems.Newest.ShouldBeNull();
        problems.Report("a", Absent);
        time.Advance(TimeSpan.FromSeconds(1));
        problems.Report("b", Damaged);
        problems.Newest.ShouldBe("labels are cut short (silo b); trying again");
        problems.Report("b", null);
        problems.Newest.ShouldBe("data cannot be had (silo a); trying again");
        problems.Report("a", null);
        problems.Newest.ShouldBeNull();
    }

    [Fact]
    public void A_silo_that_is_dead_or_silent_for_long_has_no_problem()
    {
        problems.Report("a", Absent);
        problems.Remove(static silo => silo == "a");
        problems.Newest.ShouldBeNull();
        problems.Report("b", Absent);
        time.Advance(TimeSpan.FromMinutes(3));
        problems.Newest.ShouldBeNull();
    }

    [Fact]
    public void A_lasting_problem_of_every_silo_that_asks_leaves_no_hope()
    {
        problems.Report("a", Damaged);
        problems.Report("b", Damaged);
        problems.Hopeless(While).ShouldBeNull("it must last for a while");
        time.Advance(While);
        problems.Hopeless(While).ShouldBe("labels are cut short (on all 2 worker silos)");
    }

    [Fact]
    public void One_silo_that_may_work_leaves_hope()
    {
        problems.Report("a", Damaged);
        time.Advance(While);
        problems.Hear("b");
        problems.Hopeless(While).ShouldBeNull();
        problems.Report("b", Absent);
        problems.Hopeless(While).ShouldBeNull();
        problems.Remove(static silo => silo == "b");
        problems.Hopeless(While).ShouldBe("labels are cut short (silo a)");
    }

    [Fact]
    public void What_may_mend_itself_leaves_hope_for_ever()
    {
        for (var i = 0; i < 100; i++)
        {
            problems.Report("a", Absent);
            time.Advance(While);
            problems.Hopeless(While).ShouldBeNull();
        }
    }
}
