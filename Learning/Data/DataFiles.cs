namespace Basgd.Learning.Data;

/// <summary>What readers of a data set's files have in common.</summary>
internal static class DataFiles
{
    /// <summary>Reads, and says of which data set a broken file is.</summary>
    /// <exception cref="WorkloadUnavailableException">A file is not what it should be, or cannot be read.</exception>
    public static T Checked<T>(string dataset, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new WorkloadUnavailableException($"{dataset} cannot be read: {broken.Message} Remove the file to have it fetched again.", broken);
        }
    }
}
