using System.CommandLine;
using System.Text.Json;
using Basgd.Contracts;

namespace Basgd.Experiments.Commands;

/// <summary><c>--json</c>, as every verb of the basgd command has it.</summary>
internal static class JsonOption
{
    public const string Name = "--json";

    public static Option<bool> Create()
    {
        var option = Flag.Of(Name, "Answer with one JSON document on standard output; progress goes to standard error.", otherwise: false);
        option.Recursive = true;
        option.HelpName = null;
        option.Arity = ArgumentArity.ZeroOrOne;
        return option;
    }

    public static bool WantsJson(this ParseResult parse) => parse.GetValue<bool>(Name);

    public static void WriteJson<T>(this TextWriter output, T document) => output.WriteLine(JsonSerializer.Serialize(document, AnswerJson.Options));
}
