using System.CommandLine;
using Basgd.Contracts;

namespace Basgd.Client.Verbs;

/// <summary><c>schema</c></summary>
internal static class SchemaVerb
{
    public static Command Build(Context context)
    {
        var verb = new Command("schema", "Print the JSON schema of a job spec.");
        verb.SetAction(_ =>
        {
            context.Terminal.RawOut.Write(JobSpecSchema.Generate());
            return ExitCode.Done;
        });
        return verb;
    }
}
