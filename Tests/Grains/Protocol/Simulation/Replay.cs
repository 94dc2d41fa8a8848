using Basgd.Contracts;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Makes every durable step again, naively, and compares with what is stored, bit for bit; audits the ledger.</summary>
internal static class Replay
{
    public static void ShouldGiveWhatIsStored(this Disk disk, bool weighsWorkersEqually)
    {
        var w = Given.Floats(disk.Initial.Parameters);
        var applied = disk.Initial.LastApplied.ToArray();
        foreach (var step in disk.Ledger)
        {
            var aggregate = Algorithm1.Aggregate("median", [.. step.Buffers.Select(buffer => weighsWorkersEqually ? MeanOfWorkers(buffer) : MeanOfGradients(buffer))]);
            for (var i = 0; i < w.Length; i++) w[i] -= (float)World.LearningRate * (aggregate[i] + ((float)World.WeightDecay * w[i]));
            foreach (var c in step.Buffers.SelectMany(static buffer => buffer)) applied[c.Worker] = Math.Max(applied[c.Worker], c.Sequence);
        }

        Given.Floats(disk.Model.Parameters).ShouldBe(w);
        disk.Model.LastApplied.ShouldBe(applied);
        disk.Model.GradientsApplied.ShouldBe(disk.Applied.Count);
        disk.Model.Version.Step.ShouldBe(disk.Initial.Version.Step + disk.Ledger.Count);
    }

    /// <summary>The ledger that the model keeps is the one that the disk saw, and holds before an audit.</summary>
    public static void ShouldKeepItsLedger(this World world)
    {
        var disk = world.Disk;
        var entries = disk.Kept().ToList();
        entries.Skip((int)disk.Initial.Version.Step).Select(static entry => entry.Buffers).ShouldBe(disk.Ledger.Select(static step => step.Buffers), new SameBuffers());
        var audit = new LedgerAudit(world.Spec);
        foreach (var entry in entries) audit.Read(entry);
        audit.End(disk.Model.Version, disk.Model.GradientsApplied);
        if (world.Settings.Durability == Durability.Acknowledged) audit.Acknowledged([.. world.Buffers.Select(static buffer => buffer.GetHoldings())]);
        audit.Messages.ShouldBeEmpty();
    }

    private static float[] MeanOfWorkers(IEnumerable<Contribution> contributions) =>
        Mean(contributions.GroupBy(static contribution => contribution.Worker).OrderBy(static worker => worker.Key).Select(MeanOfGradients));

    private static float[] MeanOfGradients(IEnumerable<Contribution> contributions) =>
        Mean(contributions.Select(static contribution => SimulatedWorker.Gradient(contribution.Worker, contribution.Sequence)));

    private static float[] Mean(IEnumerable<float[]> rows)
    {
        var h = new float[World.Dimension];
        var n = 0;
        foreach (var g in rows)
        {
            n++;
            for (var i = 0; i < h.Length; i++) h[i] += (g[i] - h[i]) / n;
        }

        return h;
    }

    private sealed class SameBuffers : IEqualityComparer<IReadOnlyList<IReadOnlyList<Contribution>>>
    {
        public bool Equals(IReadOnlyList<IReadOnlyList<Contribution>>? x, IReadOnlyList<IReadOnlyList<Contribution>>? y) =>
            x!.Count == y!.Count && x.Zip(y).All(static pair => pair.First.SequenceEqual(pair.Second));

        public int GetHashCode(IReadOnlyList<IReadOnlyList<Contribution>> obj) => obj.Count;
    }
}
