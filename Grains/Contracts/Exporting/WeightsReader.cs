namespace Basgd.Contracts.Exporting;

/// <summary>Fetches a job's newest parameters, in chunks small enough not to hold up other messages.</summary>
public static class WeightsReader
{
    private const int Chunk = 256 << 10;
    private const int Attempts = 3;

    /// <exception cref="JobRefusedException">There is no such job or it has no model; or the job moves on faster than it can be read.</exception>
    public static async Task<Weights> Read(ITrainingJobGrain job, string name, CancellationToken cancellationToken)
    {
        var layout = await job.GetLayout().WaitAsync(cancellationToken);
        var usage = await job.GetUsage().WaitAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var first = await job.ReadParameters(null, 0, Chunk).WaitAsync(cancellationToken);
            try
            {
                return new Weights(name, first.Version, layout, await ReadRest(job, first, cancellationToken)) { Usage = usage };
            }
            catch (JobRefusedException) when (attempt < Attempts)
            {
                // The version was replaced while it was being read: start over.
            }
        }
    }

    private static async Task<byte[]> ReadRest(ITrainingJobGrain job, ParameterChunk first, CancellationToken cancellationToken)
    {
        var bytes = new byte[first.TotalBytes];
        for (var (chunk, offset) = (first, 0); ;)
        {
            chunk.Bytes.CopyTo(bytes.AsMemory(offset));
            offset += chunk.Bytes.Length;
            if (offset == bytes.Length) return bytes;
            if (chunk.Bytes.Length == 0) throw new InvalidDataException($"only {offset} of {bytes.Length} bytes of the parameters came");
            chunk = await job.ReadParameters(first.Version, offset, Chunk).WaitAsync(cancellationToken);
        }
    }
}
