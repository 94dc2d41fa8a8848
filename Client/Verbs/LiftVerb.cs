using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>lift</c></summary>
internal static class LiftVerb
{
    public static Command Build(Context context)
    {
        var worker = new Argument<int>("WORKER") { Description = "Index of the worker." };
        return JobVerb.Command(context, "lift", "Let a worker out of quarantine, and forget what is believed of it.", (job, parse) => job.Lift(parse.GetRequiredValue(worker)), worker);
    }
}
