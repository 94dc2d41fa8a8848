using System.Collections.Concurrent;
using System.CommandLine;
using Basgd.Learning;
using Basgd.Learning.Data;

namespace Basgd.Experiments.Commands;

/// <summary>Where both verbs take their learning problems from.</summary>
internal static class Data
{
    public static Option<string?> Option() => new("--data") { Description = "Folder to look for data sets in first. Default: none.", HelpName = "DIR" };

    /// <summary>Everything that is built in; says on <paramref name="error"/> what it looks for and fetches.</summary>
    public static IReadOnlyList<IWorkload> Workloads(string? folder, TextWriter error) =>
        Learning.Workloads.BuiltIn(new DataOptions { Directory = folder, Progress = new Lines(error) });

    private sealed class Lines(TextWriter error) : IProgress<DataProgress>
    {
        private readonly ConcurrentDictionary<string, bool> said = new();

        public void Report(DataProgress value)
        {
            // A download reports often how far it is, and data are looked at more than once.
            if (value.Received is null && said.TryAdd(value.Message, true)) error.WriteLine(value.Message);
        }
    }
}
