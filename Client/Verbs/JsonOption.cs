using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary>Every verb has it.</summary>
internal static class JsonOption
{
    public const string Name = "--json";

    public static Option<bool> Create() => new(Name) { Description = "Answer with one JSON document on standard output; progress goes to standard error.", Recursive = true };

    public static bool WantsJson(this ParseResult parse) => parse.GetValue<bool>(Name);
}
