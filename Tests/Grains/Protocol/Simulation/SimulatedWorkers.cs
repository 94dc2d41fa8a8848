using System.Diagnostics.CodeAnalysis;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>
/// Mimics the slots of two worker silos, with the job's lease table on a clock that jumps. Whoever holds a lease notices only
/// when he next renews it that another has the worker meanwhile: until then both send.
/// </summary>
internal sealed class SimulatedWorkers
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly World world;
    private readonly JumpingClock clock = new();
    private readonly List<Slot> slots = [];
    private LeaseTable leases;

    public SimulatedWorkers(World world)
    {
        this.world = world;
        Calm();
    }

    /// <summary>A worker that some silo acts as; null where there is none.</summary>
    public SimulatedWorker? Any()
    {
        if (slots.Count == 0) Acquire(world.Choose(2), world.Settings.Workers);
        return slots.Count == 0 ? null : slots[world.Choose(slots.Count)].Worker;
    }

    /// <summary>One silo renews what it holds and lets go of what is not its any more; then it asks for more.</summary>
    public void Lease()
    {
        var silo = world.Choose(2);
        slots.RemoveAll(slot => slot.Silo == silo && !leases.Renew($"{silo}", slot.Worker.Index, slot.Lease));
        Acquire(silo, world.Choose(world.Settings.Workers + 1));
    }

    public void JumpClock() => clock.Jump((world.Choose(7) - 2) * (Duration / 2));

    /// <summary>Every worker is acted as, once.</summary>
    [MemberNotNull(nameof(leases))]
    public void Calm()
    {
        slots.Clear();
        leases = new LeaseTable(world.Settings.Workers, Duration, clock);
        Acquire(0, world.Settings.Workers);
        slots.Count.ShouldBe(world.Settings.Workers);
    }

    public void WorkAll()
    {
        foreach (var slot in slots) slot.Worker.Work(world);
    }

    private void Acquire(int silo, int wanted)
    {
        foreach (var (worker, lease) in leases.Acquire($"{silo}", wanted))
        {
            var slot = new Slot(silo, lease, new SimulatedWorker(worker));
            slot.Worker.Restart(world.Model.State);
            slots.Add(slot);
        }
    }

    private sealed record Slot(int Silo, Guid Lease, SimulatedWorker Worker);
}
