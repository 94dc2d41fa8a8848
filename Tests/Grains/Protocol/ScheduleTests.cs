using Basgd.Contracts;
using Basgd.Grains.Tests.Protocol.Simulation;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>
/// Thousands of schedules of submissions, retries, late duplicates, garbage, seals, steps, commits, crashes, re-activations and
/// partitions. A failure prints the seed that repeats it.
/// </summary>
public sealed class ScheduleTests
{
    /// <summary>
    /// And no durable step is ever repeated or taken back, the stored parameters are what the ledger of steps gives, the job
    /// goes on once nothing fails any more, and in `acknowledged` nothing acknowledged is missing then, but for what a
    /// reassignment dropped.
    /// </summary>
    [Theory]
    [InlineData(Durability.Step, false)]
    [InlineData(Durability.Step, true)]
    [InlineData(Durability.Acknowledged, false)]
    [InlineData(Durability.Acknowledged, true)]
    [InlineData(Durability.Interval, false)]
    [InlineData(Durability.Interval, true)]
    public void Every_accepted_gradient_goes_into_at_most_one_durable_step(Durability durability, bool partitions) =>
        Schedules(durability, partitions).Sample(static (settings, choices) =>
        {
            var world = new World(settings, choices);
            world.Run();
            var acknowledged = world.Acknowledgements.ToArray();
            world.Quiesce();
            world.Disk.ShouldGiveWhatIsStored(settings.WeighsWorkersEqually);
            if (settings.Durability != Durability.Acknowledged) return;
            var kept = acknowledged.Where(entry => entry.Value == world.Disk.Model.Routing.MappingEpoch).Select(static entry => entry.Key);
            kept.Except(world.Disk.Applied).ShouldBeEmpty("acknowledged and lost");
        }, iter: 1500);

    private static Gen<(Settings, int[])> Schedules(Durability durability, bool partitions) =>
        from buffers in Gen.Int[1, 3]
        from workers in Gen.Int[buffers, 5]
        from reassigns in Gen.Bool
        from equally in Gen.Bool
        from choices in Gen.Int[0, 9_999].Array[20, 600]
        select (new Settings(durability, workers, buffers, reassigns, partitions, equally), choices);
}
