using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>What the buffers are told, and what they tell of themselves.</summary>
public sealed partial class ModelGrain
{
    private async Task OpenBuffers()
    {
        await SendOpening();

        // Workers may wait for the end of the round that was open before.
        Signal();
    }

    private async Task<BufferReport[]> SendOpening()
    {
        var reports = await AskAll((buffer, b) => buffer.Open(Opening(b)));
        for (var b = 0; b < reports.Length; b++) core!.Note(b, reports[b]);
        return reports;
    }

    private Task<T[]> AskAll<T>(Func<IBufferGrain, int, Task<T>> question) => Ask(buffers.Length, question);

    /// <summary>Asks the first buffers.</summary>
    private Task<T[]> Ask<T>(int count, Func<IBufferGrain, int, Task<T>> question) => Task.WhenAll(buffers.Take(count).Select(question)).WaitAsync(ending.Token);

    private BufferOpening Opening(int buffer) => WithRoom(core!.Opening(buffer));

    private BufferOpening WithRoom(BufferOpening opening) => opening with { Room = Rooms.For(jobSpec!) };

    private static ModelVersion Newest(IEnumerable<BufferReport> reports) => reports.Max(static report => report.Version);
}
