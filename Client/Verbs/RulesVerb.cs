using System.CommandLine;
using Basgd.Aggregation;

namespace Basgd.Client.Verbs;

/// <summary><c>rules</c></summary>
internal static class RulesVerb
{
    public static Command Build(Context context)
    {
        var verb = new Command("rules", "List the aggregation rules.");
        verb.SetAction(parse =>
        {
            if (parse.WantsJson()) context.Terminal.WriteJson(Rules.All);
            else Listing.Write(context.Terminal.Out, Rules.All.Select(static r => (Parameters.Form(r.Name, r.Parameters), $"{r.Summary}; withstands {r.Breakdown} [{r.Paper}]")));
            return ExitCode.Done;
        });
        return verb;
    }
}
