using System.CommandLine;
using Basgd.Client.Exporting;
using Basgd.Client.Watching;
using Basgd.Contracts.Exporting;

namespace Basgd.Client.Verbs;

/// <summary><c>export</c>: the newest checkpoint as a file for PyTorch or NumPy.</summary>
internal static class ExportVerb
{
    public static Command Build(Context context)
    {
        var name = JobVerb.NameArgument();
        var to = new Option<string>("--to") { Description = "File to write: .safetensors for PyTorch, .npz for NumPy.", HelpName = "FILE", Required = true };
        to.Validators.Add(result =>
        {
            if (result.GetValue(to) is { } file && WeightsFile.FormatOf(file) is null) result.AddError($"to = {file}: must end in {string.Join(" or ", WeightsFile.Extensions)}");
        });
        var clusters = new ClusterOptions();
        var verb = new Command("export", "Write the weights of a job's newest checkpoint.") { name, to };
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            var (job, file) = (parse.GetRequiredValue(name), parse.GetRequiredValue(to));
            await using var cluster = await context.Clusters.Open(clusters.ToAsk(parse), context.Interrupted);
            var weights = await WeightsReader.Read(cluster.Job(job), job, context.Interrupted);
            WeightsFile.Write(file, weights);
            var answer = new { name = job, file = Path.GetFullPath(file), weights.Version, weights.Tensors, weights.Metadata };
            if (parse.WantsJson()) context.Terminal.WriteJson(answer);
            else context.Terminal.Out.WriteWhole($"{Show.Count(weights.Bytes.LongLength / sizeof(float))} parameters in {weights.Tensors.Count} tensors, step {weights.Version.Step}: {answer.file}");
            return ExitCode.Done;
        });
        return verb;
    }
}
