using Basgd.Contracts;

namespace Basgd.Client.Tests.Specs;

public sealed class JobSpecAdviceTests
{
    private static readonly JobSpec Spec = new() { Workers = 5, Buffers = 5, Tolerate = 1 };

    [Fact]
    public void A_spec_with_workers_to_spare_and_slots_enough_needs_no_advice()
    {
        JobSpecAdvice.For(new JobSpec()).ShouldBeEmpty();
        JobSpecAdvice.For(new JobSpec(), slots: 5).ShouldBeEmpty();
        JobSpecAdvice.For(Spec with { Workers = 6 }, slots: 64).ShouldBeEmpty();
        JobSpecAdvice.For(Spec with { Buffers = 4 }).ShouldBeEmpty();
    }

    [Fact]
    public void Without_workers_to_tolerate_every_one_may_be_needed() => JobSpecAdvice.For(Spec with { Tolerate = 0 }).ShouldBeEmpty();

    [Fact]
    public void More_buffers_than_workers_that_are_left_are_warned_of_with_remedies() =>
        JobSpecAdvice.For(Spec).ShouldBe(["buffers = 5: more than workers - tolerate = 4, so the job makes no step while one worker is silent or sends nothing usable; use shrinkBuffers: true, or at most 4 buffers, or at least 6 workers"]);

    [Fact]
    public void Byzantine_workers_count_unless_tolerate_is_given()
    {
        JobSpecAdvice.For(Spec with { Tolerate = null, Byzantine = 1, Attack = "nan" }).Count.ShouldBe(1);
        JobSpecAdvice.For(Spec with { Tolerate = 0, Byzantine = 1, Attack = "nan" }).ShouldBeEmpty();
    }

    [Fact]
    public void Shrinking_helps_only_if_enough_are_left_to_withstand()
    {
        JobSpecAdvice.For(Spec with { ShrinkBuffers = true }).ShouldBeEmpty();
        JobSpecAdvice.For(Spec with { Tolerate = 2 }).ShouldBe(["buffers = 5: more than workers - tolerate = 3, so the job makes no step while one worker is silent or sends nothing usable; use at least 7 workers"]);
        JobSpecAdvice.For(Spec with { Tolerate = 2, Workers = 6, ShrinkBuffers = true }).ShouldBe(["buffers = 5: more than workers - tolerate = 4, so the job makes no step while 2 workers are silent or send nothing usable; use at least 7 workers"]);
    }

    [Fact]
    public void Fewer_slots_than_buffers_are_warned_of_with_the_numbers() =>
        JobSpecAdvice.For(new JobSpec { Workers = 1000, Buffers = 100 }, slots: 64).ShouldBe(["buffers = 100: more than the 64 slots of the silos that can run the job, so it makes no step; start another silo that computes, or give one more slots (--slots), or submit the job under another name with shrinkBuffers: true, or at most 64 buffers"]);

    [Fact]
    public void No_slot_at_all_is_said_in_so_many_words() =>
        JobSpecAdvice.For(new JobSpec(), slots: 0).Single().ShouldStartWith("buffers = 5: no silo that can run the job has a slot for a worker, so it makes no step; start another silo");

    [Fact]
    public void A_job_that_may_shrink_needs_only_the_slots_that_withstand()
    {
        var spec = new JobSpec { Workers = 1000, Buffers = 100, Tolerate = 3, ShrinkBuffers = true };
        JobSpecAdvice.For(spec, slots: 7).ShouldBeEmpty();
        JobSpecAdvice.For(spec, slots: 6).Single().ShouldStartWith("buffers = 100: even 7 of them are more than the 6 slots");
    }

    [Fact]
    public void A_job_that_starves_is_told_what_to_do() =>
        JobSpecAdvice.Starving(Spec, active: 4).ShouldBe("waiting: 4 active workers are fewer than buffers = 5; start another silo that computes, or see `basgd silos` for silos that have none of its workers, or submit the job under another name with shrinkBuffers: true, or at most 4 buffers");
}
