using System.CommandLine;
using Basgd.Aggregation;

namespace Basgd.Client.Verbs;

/// <summary><c>attacks</c></summary>
internal static class AttacksVerb
{
    public static Command Build(Context context)
    {
        var verb = new Command("attacks", "List the attacks that Byzantine workers can mount.");
        verb.SetAction(parse =>
        {
            if (parse.WantsJson()) context.Terminal.WriteJson(Attacks.All);
            else Listing.Write(context.Terminal.Out, Attacks.All.Select(static a => (Parameters.Form(a.Name, a.Parameters), $"{a.Summary}{(a.Side == AttackSide.Collusion ? "; simulation only" : "")}{Listing.Source(a.Paper)}")));
            return ExitCode.Done;
        });
        return verb;
    }
}
