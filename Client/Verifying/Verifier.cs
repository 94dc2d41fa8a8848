using System.Globalization;
using Basgd.Contracts;
using Basgd.Contracts.Access;

namespace Basgd.Client.Verifying;

/// <summary>Reads a job's ledger and checks it here, with nothing but the job's word for what is stored.</summary>
internal static class Verifier
{
    /// <summary>Up to so many parameters times gradients a replay is made unless it is declined: a minute or so.</summary>
    public const long SmallEnough = 1_000_000_000;

    /// <param name="replay">Whether to make the steps again; null to do so where that is little work.</param>
    /// <param name="say">Told beforehand what the check cannot promise.</param>
    /// <exception cref="JobRefusedException">There is no such job, or it keeps no ledger.</exception>
    public static async Task<Verification> Verify(ITrainingJobGrain job, bool? replay, Action<string> say, CancellationToken cancellationToken)
    {
        var status = await job.GetStatus().WaitAsync(cancellationToken);
        if (status.Spec.WorkerMomentum > 0) say(Momentum(status.Spec.WorkerMomentum));

        // Asked first: what a buffer accepts while the ledger is read need not be in it.
        var buffers = status.Spec.Durability == Durability.Acknowledged ? await job.GetHoldings().WaitAsync(cancellationToken) : null;
        var audit = new LedgerAudit(status.Spec);
        var newest = await Read(job, audit, cancellationToken);
        var explained = buffers is null ? null : (long?)audit.Acknowledged(buffers);
        var again = replay ?? audit.Gradients * (double)status.Dimension <= SmallEnough;
        return new Verification(
            status.Name,
            newest,
            audit.Steps,
            audit.Gradients,
            audit.Missing,
            explained,
            audit.Problems,
            audit.Messages,
            again ? await Replay(job, isAskedFor: replay is not null, cancellationToken) : null);
    }

    private static string Momentum(double momentum) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"workerMomentum = {momentum}: a momentum may hold gradients that are in no step, and then the steps cannot be made again");

    /// <returns>Null for those who may only look, unless it was asked for: a silo computes it.</returns>
    private static async Task<LedgerReplay?> Replay(ITrainingJobGrain job, bool isAskedFor, CancellationToken cancellationToken)
    {
        try
        {
            return await job.Replay().WaitAsync(cancellationToken);
        }
        catch (AccessRefusedException) when (!isAskedFor)
        {
            return null;
        }
    }

    /// <summary>Reads as far as the model was when the reading began.</summary>
    private static async Task<ModelVersion> Read(ITrainingJobGrain job, LedgerAudit audit, CancellationToken cancellationToken)
    {
        var first = await job.ReadLedger(0).WaitAsync(cancellationToken);
        for (var chunk = first; ; chunk = await job.ReadLedger(audit.Steps).WaitAsync(cancellationToken))
        {
            var before = audit.Steps;
            foreach (var entry in chunk.Entries.TakeWhile(entry => entry.Version.Step <= first.Version.Step)) audit.Read(entry);
            if (audit.Steps >= first.Version.Step || audit.Steps <= before) break;
        }

        audit.End(first.Version, first.GradientsApplied);
        return first.Version;
    }
}
