using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>simulate</c>: one run in virtual time.</summary>
internal static class SimulateVerb
{
    public static Command Build(Context context) =>
        ExperimentsRun.Verb(context, "simulate", "Simulate one training run, with true gradients in virtual time, and print its curve.");
}
