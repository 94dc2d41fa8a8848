using Basgd.Contracts;

namespace Basgd.Grains.Tests.Jobs;

public class TrainingHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_long_history_stays_small_whole_and_even()
    {
        var history = new TrainingHistory(100);
        for (var step = 0; step <= 100_000; step += 7) Note(history, step);

        var points = history.Read(10_000).Points;
        points.Count.ShouldBeInRange(50, 101);
        points[0].Step.ShouldBe(0);
        points[^1].Step.ShouldBeGreaterThan(97_000);
        points.Zip(points.Skip(1), static (a, b) => b.Step - a.Step).Max().ShouldBeLessThan(4_000);
    }

    [Fact]
    public void A_reader_gets_as_many_points_as_asked_for_with_both_ends()
    {
        var history = new TrainingHistory(1000);
        for (var step = 0; step < 500; step++) Note(history, step);

        var steps = history.Read(10).Points.Select(static point => point.Step).ToList();
        steps.Count.ShouldBe(10);
        steps[0].ShouldBe(0);
        steps[^1].ShouldBe(499);
        steps.ShouldBeInOrder();
        Should.Throw<ArgumentOutOfRangeException>(() => history.Read(1));
    }

    [Fact]
    public void Steps_that_were_lost_are_taken_out_and_told()
    {
        var history = new TrainingHistory();
        for (var step = 0; step <= 50; step++) Note(history, step);
        Note(history, 20, generation: 1);

        var read = history.Read(1000);
        read.Points[^1].Step.ShouldBe(20);
        read.Points.Count.ShouldBe(21);
        var lost = read.Events.ShouldHaveSingleItem();
        lost.Kind.ShouldBe(JobEventKind.StepsLost);
        lost.Text.ShouldContain("step 50");
    }

    [Fact]
    public void Changes_of_mapping_and_learning_rate_are_events_once()
    {
        var history = new TrainingHistory();
        Note(history, 1);
        Note(history, 2, epoch: 1);
        Note(history, 3, epoch: 1, rate: 0.01);
        Note(history, 4, epoch: 1, rate: 0.01);

        history.Read(10).Events.Select(static e => (e.Kind, e.Step)).ShouldBe([(JobEventKind.Reassignment, 2), (JobEventKind.LearningRate, 3)]);
    }

    [Fact]
    public void Who_is_put_in_quarantine_and_let_out_is_told_once_also_after_a_restart()
    {
        var history = new TrainingHistory();
        Note(history, 1);
        Note(history, 2, quarantined: [3, 5]);
        var restored = new TrainingHistory();
        restored.Restore(history.Save());
        Note(restored, 3, quarantined: [3, 5]);
        Note(restored, 4, quarantined: [5]);

        restored.Read(10).Events.Select(static e => (e.Kind, e.Step, e.Text)).ShouldBe(
        [
            (JobEventKind.Quarantine, 2, "worker 3 was put in quarantine"),
            (JobEventKind.Quarantine, 2, "worker 5 was put in quarantine"),
            (JobEventKind.Quarantine, 4, "worker 3 was let out of quarantine"),
        ]);
    }

    [Fact]
    public void What_was_stored_goes_on()
    {
        var history = new TrainingHistory(20);
        for (var step = 0; step <= 100; step++) Note(history, step);
        history.Note(new EvaluationPoint(new ModelVersion(0, 100), 1, 0.5, 0.9, Start));
        history.Say(Start, 100, JobEventKind.Phase, "paused");

        var restored = new TrainingHistory(20);
        restored.Restore(history.Save());
        Note(history, 400, epoch: 1);
        Note(restored, 400, epoch: 1);

        var (expected, read) = (history.Read(20), restored.Read(20));
        read.Points.ShouldBe(expected.Points);
        read.Evaluations.ShouldBe(expected.Evaluations);
        read.Events.ShouldBe(expected.Events);
    }

    [Fact]
    public void A_step_that_is_seen_twice_is_one_point()
    {
        var history = new TrainingHistory();
        Note(history, 5);
        var changes = history.Changes;
        Note(history, 5);
        history.Read(10).Points.Count.ShouldBe(1);
        history.Changes.ShouldBe(changes);
    }

    private static void Note(TrainingHistory history, long step, int generation = 0, int epoch = 0, double rate = 0.1, int[]? quarantined = null)
    {
        var model = new ModelStatus(true, false, new ModelVersion(generation, step), new ModelVersion(generation, step), step, 1.0 / (step + 1), 2, null, new Routing(epoch, [0, 1]), null, false) { Quarantined = quarantined };
        history.Note(Start.AddSeconds(step), model, step / 10.0, rate, 100);
    }
}
