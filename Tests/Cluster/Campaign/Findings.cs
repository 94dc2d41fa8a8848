using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>What a job's ledger shows once all is over.</summary>
/// <param name="Lost">Steps that were reported durable and are not in it, and, in durability `acknowledged`, contributions that were acknowledged and are not in it.</param>
/// <param name="Doubled">Contributions that are in it more than once.</param>
internal sealed record Findings(long Steps, long Contributions, long Lost, long Doubled, IReadOnlyList<string> Problems)
{
    /// <summary>It computes every gradient again.</summary>
    private static readonly TimeSpan ReplayTime = TimeSpan.FromMinutes(2);

    /// <param name="reports">Models that were reported durable.</param>
    /// <param name="replays">Whether to make every step again.</param>
    public static async Task<Findings> Of(ITrainingJobGrain job, JobSpec spec, IReadOnlyCollection<(ModelVersion Version, long Gradients)> reports, bool replays)
    {
        // Asked first: what a buffer accepts while the ledger is read need not be in it.
        var buffers = spec.Durability == Durability.Acknowledged ? await Asking.Patiently(job.GetHoldings) : null;
        var audit = new LedgerAudit(spec);
        List<long> gradients = [0];
        HashSet<(int, long)> once = [];
        var end = await Asking.Patiently(() => job.ReadLedger(0));
        while (audit.Steps < end.Version.Step)
        {
            var chunk = await Asking.Patiently(() => job.ReadLedger(audit.Steps));
            if (chunk.Entries.Count == 0) break;
            foreach (var entry in chunk.Entries)
            {
                audit.Read(entry);
                gradients.Add(audit.Gradients);
                foreach (var contribution in entry.Buffers.SelectMany(static buffer => buffer)) once.Add((contribution.Worker, contribution.Sequence));
            }
        }

        audit.End(end.Version, end.GradientsApplied);
        var unknown = reports.Where(report => report.Version.Generation == end.Version.Generation && (report.Version.Step >= gradients.Count || gradients[(int)report.Version.Step] != report.Gradients)).ToList();
        var before = audit.Problems;
        if (buffers is not null) audit.Acknowledged(buffers);
        List<string> problems = [.. audit.Messages, .. unknown.Select(static report => $"model {report.Version} of {report.Gradients} contributions was reported durable, and the ledger leads to another")];
        if (replays && await Asking.Patiently(job.Replay, ReplayTime) is { } replay && (replay.Difference ?? replay.Obstacle) is { } difference) problems.Add($"made again: {difference}");
        return new Findings(audit.Steps, audit.Gradients, unknown.Count + audit.Problems - before, audit.Gradients - once.Count, problems);
    }
}
