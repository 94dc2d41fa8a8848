using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Basgd.Contracts;
using Basgd.Grains.Tests.Protocol.Simulation;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>
/// Thousands of schedules of submissions, retries, late duplicates, garbage, seals, steps, commits, crashes of one silo or two,
/// re-activations, reassignments, reshuffles, quarantine, completion, partitions, stopped activations that go on later, leases on a clock that jumps, and storage that refuses,
/// fails after it has written, answers with an old version or loses the newest. A failure prints the command that repeats it.
/// </summary>
public sealed partial class ScheduleTests
{
    /// <summary>Some steps before a segment of the ledger is full.</summary>
    private const int AtTheEdge = LedgerSegment.Steps - 3;
    private static readonly Durability[] Durabilities = [Durability.Step, Durability.Acknowledged, Durability.Interval];

    public static TheoryData<Durability, bool, bool> Kinds =>
        [.. from durability in Durabilities from partitions in (bool[])[false, true] from fails in (bool[])[false, true] select (durability, partitions, fails)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_accepted_gradient_goes_into_at_most_one_durable_step(Durability durability, bool partitions, bool storageFails) =>
        Check(durability, partitions, storageFails, schedules: 100, longest: 400);

    [Theory, Trait("category", "slow")]
    [MemberData(nameof(Kinds))]
    public void And_in_two_thousand_long_schedules_of_each_kind(Durability durability, bool partitions, bool storageFails)
    {
        Happening[] expected = [.. Enum.GetValues<Happening>().Where(happening => happening != Happening.StepBetweenCheckpoints || durability == Durability.Interval)];
        Check(durability, partitions, storageFails, schedules: 2000, longest: 1200).ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>
    /// A buffer has not heard of a reassignment and is full for the round of before; a new model is about to make the step. Were it made
    /// of that round, the model of before would open the buffer for a step that is made, and what it then acknowledges would be in none.
    /// </summary>
    [Fact]
    public void A_round_that_was_collected_before_a_reassignment_goes_into_no_step()
    {
        var world = new World(new Settings(Durability.Acknowledged, Workers: 5, Buffers: 2, Reassigns: true, Shrinks: false, Partitions: true, StorageFails: false, WeighsWorkersEqually: true, StartStep: 0), []);
        world.MoveModelUntil(static model => model.IsOpen);
        foreach (var worker in (int[])[1, 3]) world.NewWorker(worker).Work(world);

        // Both are mapped to buffer 1, so that buffer 0 stays empty. The reassignment is stored, and buffer 1 is not told.
        world.PassTimeout();
        world.MoveModelUntil(static model => model.State.Routing.MappingEpoch == 1);
        world.CrashModel();
        world.MoveModelUntil(static model => model.IsOpen);
        world.LoseMessagesTo(1);
        world.Model.Move();
        world.LoseMessagesTo(null);

        // The new model hears from buffer 1 what that holds: all are full.
        world.NewWorker(1).Work(world);
        world.PassTimeout();
        world.Buffers[1].GetReport().IsFullFor(0).ShouldBeTrue();
        world.MoveModelUntil(static model => model.IsReady);

        world.MoveModelUntil(static model => !model.IsReady);
        world.Disk.Ledger.ShouldBeEmpty();
        world.Buffers[1].GetReport().IsFullFor(0).ShouldBeFalse();
        world.Quiesce();
        world.Disk.ShouldGiveWhatIsStored(weighsWorkersEqually: true);
    }

    /// <summary>Told again how things stand, it can seal; else the model would ask it for ever, as it does not poll while Δ has passed.</summary>
    [Fact]
    public void A_buffer_that_missed_a_commit_and_then_a_timeout_catches_up()
    {
        var world = new World(new Settings(Durability.Step, Workers: 1, Buffers: 1, Reassigns: true, Shrinks: false, Partitions: false, StorageFails: false, WeighsWorkersEqually: false, StartStep: 0), []);
        world.MoveModelUntil(static model => model.IsOpen);
        var worker = world.NewWorker(0);
        worker.Work(world);
        world.MoveModelUntil(static model => model.State.Version.Step == 1);
        world.LoseMessagesTo(0);
        world.Model.Move();
        world.LoseMessagesTo(null);
        world.Buffers[0].GetReport().Version.Step.ShouldBe(0);
        world.NewWorker(0).Work(world);

        world.PassTimeout();

        world.MoveModelUntil(static model => model.State.Version.Step == 2);
    }

    /// <summary>
    /// And no durable step is ever repeated or taken back but by storage, the stored parameters are what the ledger of steps gives,
    /// the ledger holds, the job goes on once nothing fails any more, and in `acknowledged` nothing acknowledged is missing then,
    /// but for what a reassignment dropped or storage lost.
    /// </summary>
    /// <returns>What has happened in any of the schedules.</returns>
    private static ICollection<Happening> Check(Durability durability, bool partitions, bool storageFails, int schedules, int longest)
    {
        var happened = new ConcurrentDictionary<Happening, bool>();
        try
        {
            Schedules(durability, partitions, storageFails, longest).Sample(schedule =>
            {
                foreach (var happening in Check(schedule)) happened[happening] = true;
            }, iter: schedules);
            return happened.Keys;
        }
        catch (CsCheckException failure)
        {
            var seed = Seed().Match(failure.Message).Groups[1].Value;
            throw new CsCheckException($"CsCheck_Seed={seed} dotnet run -c Release --project Tests/Grains -- -class '*.ScheduleTests'\n{failure.Message}", failure);
        }
    }

    private static HashSet<Happening> Check((Settings Settings, int[] Choices) schedule)
    {
        var (settings, choices) = schedule;
        var world = new World(settings, choices);
        world.Run();
        var acknowledged = world.Acknowledgements.ToArray();
        world.Quiesce();
        world.Disk.ShouldGiveWhatIsStored(settings.WeighsWorkersEqually);
        world.ShouldKeepItsLedger();
        if (settings.Durability != Durability.Acknowledged || world.Disk.HasLostSteps || world.Model.IsCompleted) return world.Happenings;
        var kept = acknowledged.Where(entry => entry.Value == world.Disk.Model.Routing.MappingEpoch).Select(static entry => entry.Key);
        kept.Except(world.Disk.Applied).ShouldBeEmpty("acknowledged and lost");
        return world.Happenings;
    }

    private static Gen<(Settings Settings, int[] Choices)> Schedules(Durability durability, bool partitions, bool storageFails, int longest) =>
        from quarantines in Gen.Bool
        from buffers in quarantines ? Gen.Const(3) : Gen.Int[1, 3]
        from workers in quarantines ? Gen.Const(5) : Gen.Int[buffers, 5]
        from reassigns in Gen.Bool
        from shrinks in Gen.Bool
        from equally in Gen.Bool
        from start in Gen.Int[0, 3].Select(static choice => choice < 2 ? 0 : ((choice - 2) * LedgerSegment.Steps) + AtTheEdge)
        from reshuffles in Gen.Int[0, 3]
        from steps in Gen.Int[0, 3]
        from bound in Gen.Int[1, 4].Select(static choice => choice < 4 ? choice : 1_000)
        from choices in Gen.Int[0, 9_999].Array[20, longest]
        select (
            new Settings(durability, workers, buffers, reassigns, shrinks, partitions, storageFails, equally, start, bound)
            {
                ReshuffleEvery = reshuffles == 0 ? null : 2 * reshuffles,
                Quarantines = quarantines,
                Steps = steps == 0 ? 10 : null,
            },
            choices);

    [GeneratedRegex("Set seed: \"([^\"]+)\"")]
    private static partial Regex Seed();
}
