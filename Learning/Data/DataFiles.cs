namespace Basgd.Learning.Data;

/// <summary>What readers of a data set's files have in common.</summary>
internal static class DataFiles
{
    private const string Remedy = "Replace the file, or remove it so that another copy is looked for.";

    /// <summary>Reads, and names the data set that a broken file belongs to.</summary>
    /// <exception cref="WorkloadUnavailableException">A file is not what it should be, or cannot be read.</exception>
    public static T Checked<T>(string dataset, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException broken)
        {
            throw new WorkloadUnavailableException($"{dataset} cannot be read: {broken.Message} {Remedy}", broken) { IsLasting = true };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new WorkloadUnavailableException($"{dataset} cannot be read: {failed.Message}", failed);
        }
    }
}
