using Basgd.Contracts;

namespace Basgd.Client.Verifying;

/// <summary>What an audit of a job's ledger found.</summary>
/// <param name="Version">The newest durable model, which the ledger leads to.</param>
/// <param name="Steps">Steps in the ledger.</param>
/// <param name="Gradients">Contributions in them.</param>
/// <param name="Missing">Sequence numbers of workers that no step has, though a later one is in a step.</param>
/// <param name="Explained">With durability `acknowledged`: acknowledged or refused for good, and in no step for a reason that is known; null with another.</param>
/// <param name="Problems">How many things are wrong.</param>
/// <param name="Messages">The first of them.</param>
/// <param name="Replay">What came of making the steps again; null where that was not asked for.</param>
internal sealed record Verification(
    string Name,
    ModelVersion Version,
    long Steps,
    long Gradients,
    long Missing,
    long? Explained,
    long Problems,
    IReadOnlyList<string> Messages,
    LedgerReplay? Replay)
{
    public bool Holds => Problems == 0 && Replay?.Difference is null;
}
