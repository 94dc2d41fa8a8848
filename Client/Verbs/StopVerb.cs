using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>stop</c></summary>
internal static class StopVerb
{
    public static Command Build(Context context) =>
        JobVerb.Command(context, "stop", "Finish the round, make it durable and end the job for good.", static job => job.Stop());
}
