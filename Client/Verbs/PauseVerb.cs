using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>pause</c></summary>
internal static class PauseVerb
{
    public static Command Build(Context context) =>
        JobVerb.Command(context, "pause", "Finish the round, make it durable and wait for `resume`.", static job => job.Pause());
}
