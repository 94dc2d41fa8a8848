using Basgd.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Workers;

/// <summary>A silo whose workers of a job fail does not take, fail and release their leases as fast as it can.</summary>
public sealed class JobTroublesTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly WorkloadFailedException Damaged = new("labels are cut short", true);

    private readonly FakeTimeProvider time = new();
    private readonly JobTroubles troubles;

    public JobTroublesTests() => troubles = new JobTroubles(time, Poll);

    [Fact]
    public void Damaged_data_are_tried_a_few_times_in_ten_minutes()
    {
        Tries(Damaged).ShouldBeInRange(20, 30);
        troubles.Succeed().ShouldBeTrue();
        troubles.MayTry.ShouldBeTrue();
    }

    [Fact]
    public void A_cluster_that_lost_a_silo_is_asked_again_within_a_second() => Tries(new TimeoutException("a")).ShouldBeInRange(590, 610);

    [Fact]
    public void The_job_is_told_once_of_workers_that_fail_together()
    {
        troubles.Fail(Damaged).ShouldBe(new WorkProblem("labels are cut short", true));
        for (var worker = 1; worker < 64; worker++) troubles.Fail(Damaged).ShouldBeNull();
        troubles.Succeed().ShouldBeTrue("the job should hear that it is over");
        troubles.Succeed().ShouldBeFalse("once");
    }

    [Fact]
    public void What_the_silo_cannot_run_is_named_while_it_leaves_the_job_alone()
    {
        troubles.Fail(Damaged);
        troubles.Obstacle.ShouldBe("labels are cut short");
        time.Advance(Poll);
        troubles.Obstacle.ShouldBeNull("the silo may try again");
        troubles.Fail(new TimeoutException("a"));
        troubles.Obstacle.ShouldBeNull("that lies with the cluster");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_what_somebody_must_mend_lasts(bool isLasting) =>
        troubles.Fail(new WorkloadFailedException("a", isLasting))!.IsLasting.ShouldBe(isLasting);

    private int Tries(Exception failure)
    {
        var tries = 0;
        for (var end = time.GetUtcNow() + TimeSpan.FromMinutes(10); time.GetUtcNow() < end; time.Advance(Poll))
        {
            if (!troubles.MayTry) continue;
            troubles.Fail(failure);
            tries++;
        }

        return tries;
    }
}
