namespace Basgd.Silo.Hosting;

/// <summary>Lines for the command that started the silo.</summary>
internal static class Output
{
    /// <summary>A silo goes on if nothing takes its output, such as a log file on a full disk.</summary>
    public static void Write(string line)
    {
        try
        {
            Console.WriteLine(line);
        }
        catch (IOException)
        {
            // There is nowhere to say so.
        }
    }
}
