using System.CommandLine;

namespace Basgd.Client.Verbs;

/// <summary><c>datasets</c></summary>
internal static class DatasetsVerb
{
    public static Command Build(Context context) =>
        WorkloadVerb.Command(context, "datasets", "List the data sets that can be trained on.", static workloads => workloads.Datasets());
}
