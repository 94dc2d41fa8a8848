using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>models</c></summary>
internal static class ModelsVerb
{
    public static Command Build(Context context) =>
        WorkloadVerb.Command(context, "models", "List the models that can be trained.", static workloads => workloads.Models());
}
