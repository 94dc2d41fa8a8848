using Basgd.Contracts;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Makes every durable step again from the ledger, naively, and compares with what is stored, bit for bit.</summary>
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
        disk.Model.Version.Step.ShouldBe(disk.Ledger.Count);
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
}
