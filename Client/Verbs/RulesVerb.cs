using System.CommandLine;
using Basgd.Aggregation;

namespace Basgd.Client.Verbs;

/// <summary><c>rules</c></summary>
internal static class RulesVerb
{
    public static Command Build(Context context)
    {
        var verb = new Command("rules", "List the aggregation rules, and the pre-aggregations that may stand before one.");
        verb.SetAction(parse =>
        {
            if (parse.WantsJson()) context.Terminal.WriteJson(new { rules = Rules.All, preAggregations = Rules.PreAggregations });
            else Listing.Write(context.Terminal.Out, [.. Rules.All.Select(rule => Line(rule, "")), .. Rules.PreAggregations.Select(stage => Line(stage, "|"))]);
            return ExitCode.Done;
        });
        return verb;
    }

    private static (string Name, string About) Line(RuleInfo rule, string suffix) =>
        (Parameters.Form(rule.Name, rule.Parameters) + suffix, $"{rule.Summary}; withstands {rule.Breakdown}{Listing.Source(rule.Paper)}");
}
