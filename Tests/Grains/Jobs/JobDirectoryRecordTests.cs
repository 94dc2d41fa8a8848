using Basgd.Contracts;

namespace Basgd.Grains.Tests.Jobs;

public sealed class JobDirectoryRecordTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly JobDirectoryRecord record = new();

    [Theory]
    [InlineData(JobPhase.Running, false)]
    [InlineData(JobPhase.Paused, false)]
    [InlineData(JobPhase.Completed, true)]
    [InlineData(JobPhase.Stopped, true)]
    [InlineData(JobPhase.Failed, true)]
    public void A_job_is_shown_in_its_phase_with_the_time_of_its_end(JobPhase phase, bool isEnd)
    {
        record.Put(new JobEntry("a", JobPhase.Running), Now.AddHours(-1)).ShouldBeTrue();
        record.Put(new JobEntry("a", phase), Now).ShouldBe(phase != JobPhase.Running);
        record.Shown().ShouldBe([(new JobEntry("a", phase), isEnd ? Now : null)]);
    }

    [Fact]
    public void A_job_that_says_its_phase_again_keeps_the_time_of_its_end()
    {
        record.Put(new JobEntry("a", JobPhase.Failed), Now);
        record.Put(new JobEntry("a", JobPhase.Failed), Now.AddHours(1)).ShouldBeFalse();
        record.Shown().ShouldBe([(new JobEntry("a", JobPhase.Failed), Now)]);
    }

    [Fact]
    public void Only_the_newest_hundred_ended_jobs_are_shown_and_every_open_one()
    {
        for (var job = 0; job < 150; job++) record.Put(new JobEntry($"ended-{job:000}", JobPhase.Failed), Now.AddSeconds(job));
        for (var job = 0; job < 150; job++) record.Put(new JobEntry($"open-{job:000}", JobPhase.Running), Now);
        record.Shown().Select(static entry => entry.Job.Name).Order().ShouldBe([.. Enumerable.Range(50, 100).Select(static job => $"ended-{job:000}"), .. Enumerable.Range(0, 150).Select(static job => $"open-{job:000}")]);
        record.Jobs.Count.ShouldBe(300);
    }

    [Fact]
    public void A_job_that_ended_under_an_older_version_is_not_shown_because_nobody_knows_when()
    {
        record.Jobs["old"] = JobPhase.Failed;
        record.Shown().ShouldBeEmpty();
    }
}
