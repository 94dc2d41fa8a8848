using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>experiment</c>: many simulated runs, a table, pictures, and whether the expected orderings hold.</summary>
internal static class ExperimentVerb
{
    public static Command Build(Context context) =>
        ExperimentsRun.Verb(context, "experiment", "Run one of the paper's experiments, or one beyond them, and write its table and pictures.");
}
