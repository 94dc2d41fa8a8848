using System.Text.RegularExpressions;
using Basgd.Contracts;
using Basgd.Grains.Tests.Protocol.Simulation;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>
/// Thousands of schedules of submissions, retries, late duplicates, garbage, seals, steps, commits, crashes of one silo or two,
/// re-activations, partitions, stopped activations that go on later, leases on a clock that jumps, and storage that refuses,
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
    public void And_in_two_thousand_long_schedules_of_each_kind(Durability durability, bool partitions, bool storageFails) =>
        Check(durability, partitions, storageFails, schedules: 2000, longest: 1200);

    /// <summary>
    /// A buffer has not heard of a reassignment and is full for the round of before; a new model makes the step. Were it made of that
    /// round, the model of before would open the buffer for a step that is made, and what it then acknowledges would be in none.
    /// </summary>
    [Fact]
    public void A_round_that_was_collected_before_a_reassignment_goes_into_no_step() => Check((
        new Settings(Durability.Acknowledged, Workers: 5, Buffers: 2, Reassigns: true, Shrinks: false, Partitions: true, StorageFails: false, WeighsWorkersEqually: true, StartStep: AtTheEdge),
        [
            0, 0, 0, 0, 0, 0, 0, 0, 36, 0, 0, 1297, 36, 0, 0, 36, 0, 0, 0, 5657, 0, 0, 0, 36, 0, 0, 5681, 9009, 7384, 0,
            0, 0, 0, 36, 0, 0, 36, 0, 0, 36, 0, 0, 0, 3833, 0, 0, 0, 8380, 0, 0, 36, 6801, 36, 3190, 0, 2041, 0, 6887, 0, 0,
            0, 4097, 0, 0, 0, 36, 4793, 1244, 66, 0, 0, 0, 2182, 7427, 1450, 66, 0, 0, 0, 7584, 0, 66, 0, 5184, 0, 66, 0, 36, 0, 0,
            0, 0, 0, 0, 36, 0, 0, 36, 0, 0, 36, 0, 0, 0,
        ]));

    /// <summary>
    /// And no durable step is ever repeated or taken back but by storage, the stored parameters are what the ledger of steps gives,
    /// the ledger holds, the job goes on once nothing fails any more, and in `acknowledged` nothing acknowledged is missing then,
    /// but for what a reassignment dropped or storage lost.
    /// </summary>
    private static void Check(Durability durability, bool partitions, bool storageFails, int schedules, int longest)
    {
        try
        {
            Schedules(durability, partitions, storageFails, longest).Sample(Check, iter: schedules);
        }
        catch (CsCheckException failure)
        {
            var seed = Seed().Match(failure.Message).Groups[1].Value;
            throw new CsCheckException($"CsCheck_Seed={seed} dotnet run -c Release --project Tests/Grains -- -class '*.ScheduleTests'\n{failure.Message}", failure);
        }
    }

    private static void Check((Settings Settings, int[] Choices) schedule)
    {
        var (settings, choices) = schedule;
        var world = new World(settings, choices);
        world.Run();
        var acknowledged = world.Acknowledgements.ToArray();
        world.Quiesce();
        world.Disk.ShouldGiveWhatIsStored(settings.WeighsWorkersEqually);
        world.ShouldKeepItsLedger();
        if (settings.Durability != Durability.Acknowledged || world.Disk.HasLostSteps || world.Model.IsCompleted) return;
        var kept = acknowledged.Where(entry => entry.Value == world.Disk.Model.Routing.MappingEpoch).Select(static entry => entry.Key);
        kept.Except(world.Disk.Applied).ShouldBeEmpty("acknowledged and lost");
    }

    private static Gen<(Settings Settings, int[] Choices)> Schedules(Durability durability, bool partitions, bool storageFails, int longest) =>
        from buffers in Gen.Int[1, 3]
        from workers in Gen.Int[buffers, 5]
        from reassigns in Gen.Bool
        from shrinks in Gen.Bool
        from equally in Gen.Bool
        from start in Gen.Int[0, 3].Select(static choice => choice < 2 ? 0 : ((choice - 2) * LedgerSegment.Steps) + AtTheEdge)
        from reshuffles in Gen.Int[0, 3]
        from quarantines in Gen.Bool
        from steps in Gen.Int[0, 3]
        from bound in Gen.Int[1, 4].Select(static choice => choice < 4 ? choice : 1_000)
        from choices in Gen.Int[0, 9_999].Array[20, longest]
        select (
            new Settings(durability, workers, buffers, reassigns, shrinks, partitions, storageFails, equally, start, bound)
            {
                ReshuffleEvery = reshuffles == 0 ? null : 2 * reshuffles,
                Quarantines = quarantines && buffers == 3 && workers == 5,
                Steps = steps == 0 ? 10 : null,
            },
            choices);

    [GeneratedRegex("Set seed: \"([^\"]+)\"")]
    private static partial Regex Seed();
}
