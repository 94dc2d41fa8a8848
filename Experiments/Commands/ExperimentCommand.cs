using System.CommandLine;
using Basgd.Experiments.Catalogue;
using Basgd.Experiments.Running;

namespace Basgd.Experiments.Commands;

/// <summary><c>experiment NAME|all</c>: runs trials, writes the report, says what held.</summary>
internal static class ExperimentCommand
{
    private const string All = "all";

    public static Command Build(TextWriter output, TextWriter error)
    {
        var name = new Argument<string?>("name") { Description = $"The experiment, or '{All}'. Without it they are listed.", Arity = ArgumentArity.ZeroOrOne };
        var scale = new Option<string>("--scale") { Description = "How large: ci takes minutes, middle an hour on two cores, paper days.", DefaultValueFactory = static _ => Scale.Ci.Name, HelpName = string.Join('|', Scale.All.Select(static s => s.Name)) };
        scale.AcceptOnlyFromAmong([.. Scale.All.Select(static s => s.Name)]);
        var folder = new Option<string?>("--out") { Description = "Where reports and finished runs go; an interrupted command goes on from there. Default: results/SCALE.", HelpName = "DIR" };
        var seeds = Flag.Optional<int>("--seeds", "Runs of each trial, with seeds 1 … N. Default: as many as the scale affords.", atLeast: 1);
        var parallel = Flag.Of("--parallel", "Runs at a time, each on one thread; results do not depend on it.", Environment.ProcessorCount, atLeast: 1);
        seeds.HelpName = parallel.HelpName = "N";
        var data = Data.Option();
        var verb = new Command("experiment", "Run an experiment: simulate its trials, write a table, curves and pictures, and check the orderings that are expected.") { name, scale, folder, seeds, parallel, data };
        verb.SetAction(async (parse, cancellation) =>
        {
            if (parse.GetValue(name) is not { } asked)
            {
                if (parse.WantsJson()) output.WriteJson(Catalogue.Experiments.All.Select(static experiment => new { experiment.Name, experiment.Title }));
                else List(output);
                return 0;
            }

            var size = Scale.All.Single(s => s.Name == parse.GetValue(scale));
            var target = parse.GetValue(folder) ?? Path.Combine("results", size.Name);
            var runner = new Runner(Data.Workloads(parse.GetValue(data), error), new RunStore(Path.Combine(target, "runs")), parse.GetValue(parallel), TextWriter.Synchronized(error).WriteLine);
            var command = new ExperimentCommandLine(size, target, parse.GetValue(seeds), runner, output, parse.WantsJson());
            return await command.Run(Find(asked), asked == All, cancellation);
        });
        return verb;
    }

    private static IReadOnlyList<Experiment> Find(string asked) => asked == All
        ? Catalogue.Experiments.All
        : [Catalogue.Experiments.All.FirstOrDefault(experiment => experiment.Name == asked)
            ?? throw new ArgumentException($"experiment = {asked}: must be {All} or one of {string.Join(", ", Catalogue.Experiments.All.Select(static e => e.Name))}")];

    private static void List(TextWriter output)
    {
        var width = Catalogue.Experiments.All.Max(static e => e.Name.Length) + 2;
        foreach (var experiment in Catalogue.Experiments.All) output.WriteLine(experiment.Name.PadRight(width) + experiment.Title);
    }
}
