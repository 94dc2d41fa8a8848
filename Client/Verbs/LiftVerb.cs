using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>lift</c></summary>
internal static class LiftVerb
{
    public static Command Build(Context context)
    {
        var worker = Flag.Number("WORKER", "Number of the worker, from 0.", "the number of a worker, from 0");
        return JobVerb.Command(context, "lift", "Let a worker out of quarantine, and forget what is believed of it.", (job, parse) => job.Lift(parse.GetRequiredValue(worker)), worker);
    }
}
