using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>What the buffers are told, and what they tell of themselves.</summary>
public sealed partial class ModelGrain
{
    private async Task OpenBuffers()
    {
        rounds = new RoundTracker(state!.Routing.Buffers);
        rounds.Restart(state.Version.Step);
        isOpen = true;
        roundStarted = time.GetUtcNow();
        await SendOpening();

        // Workers may wait for the end of the round that was open before.
        Signal();
    }

    private async Task SendOpening() => Note(await AskAll((buffer, b) => buffer.Open(Opening(b))));

    private Task<T[]> AskAll<T>(Func<IBufferGrain, int, Task<T>> question) => Ask(buffers.Length, question);

    /// <summary>Asks the first buffers.</summary>
    private Task<T[]> Ask<T>(int count, Func<IBufferGrain, int, Task<T>> question) => Task.WhenAll(buffers.Take(count).Select(question)).WaitAsync(ending.Token);

    private void Note(BufferReport[] reports)
    {
        for (var b = 0; b < state!.Routing.Buffers; b++)
        {
            if (reports[b].IsFullFor(state.Version.Step)) rounds.Full(b, state.Version.Step);
            if (reports[b].IsFullFor(state.Version.Step + 1)) rounds.Full(b, state.Version.Step + 1);
        }
    }

    private BufferOpening Opening(int buffer) => new(
        isOpen,
        state!.Version,
        state.Routing.MappingEpoch,
        state.Parameters.Length,
        jobSpec!.MaxStaleness,
        state.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).ToDictionary(entry => entry.Index, entry => state.LastApplied[entry.Index]),
        jobSpec.Durability == Durability.Acknowledged,
        jobSpec.WeighWorkersEqually,
        Rooms.For(jobSpec))
    {
        Quarantined = state.Quarantine.Workers.Where(worker => state.Routing.BufferOf[worker] == buffer).ToHashSet(),
        MaxContributions = jobSpec.MaxContributionsPerRound,
    };

    private static ModelVersion Newest(IEnumerable<BufferReport> reports) => reports.Max(static report => report.Version);
}
