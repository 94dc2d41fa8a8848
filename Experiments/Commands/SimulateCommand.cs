using System.CommandLine;
using System.Globalization;
using Basgd.Experiments.Reporting;
using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments.Commands;

/// <summary><c>simulate [SPEC]</c>: one run, its curve, and what became of the gradients.</summary>
internal static class SimulateCommand
{
    public static Command Build(TextWriter output, TextWriter error)
    {
        // The file's content takes its place before this is parsed: the argument is for the help, and what still gets here is no flag.
        var file = new Argument<string?>("spec.yaml") { Description = "The flags below as a mapping, in lower camel case; flags override it. Default: none.", Arity = ArgumentArity.ZeroOrOne };
        file.Validators.Add(static result => result.AddError($"{result.Tokens[0].Value}: unknown; `basgd simulate --help` lists what may be given"));
        var options = new SimulateOptions();
        var csv = new Option<string?>("--out") { Description = "File for the curve as CSV. Default: none.", HelpName = "FILE" };
        var data = Data.Option();
        var verb = new Command("simulate", "Simulate one training run in virtual time and print its curve.") { file };
        options.AddTo(verb);
        verb.Add(csv);
        verb.Add(data);
        verb.SetAction(async (parse, cancellation) =>
        {
            var setup = options.Read(parse);
            var result = await Simulation.RunAsync(setup.Spec, Workload.Find(Data.Workloads(parse.GetValue(data), error), setup), cancellation: cancellation);
            if (parse.WantsJson()) output.WriteJson(Document(setup, result));
            else Write(output, setup, result);
            if (parse.GetValue(csv) is { } path) await File.WriteAllTextAsync(path, Csv.Lines([Csv.PointColumns, .. result.Curve.Select(Csv.Point)]), cancellation);
            return 0;
        });
        return verb;
    }

    private static object Document(Setup setup, SimulationResult result) => new
    {
        server = setup.Spec.Server.Name,
        setup.Model,
        setup.Dataset,
        curve = result.Curve.Select(static point => new { point.At.Seconds, point.At.Gradients, point.At.Steps, point.At.Epochs, point.TrainLoss, point.TestLoss, point.Accuracy }),
        result.End,
        result.DivergedAt,
        result.Totals.End.Steps,
        result.Totals.GradientsApplied,
        result.Totals.Reassignments,
        result.Loyal,
        result.Byzantine,
        computedInSeconds = result.Times.Total.TotalSeconds,
    };

    private static void Write(TextWriter output, Setup setup, SimulationResult result)
    {
        void Line(params string[] cells) => output.WriteLine(string.Concat(cells.Select(static cell => cell.PadLeft(12))));

        output.WriteLine($"{setup.Spec.Server.Name} on {setup.Model}, {setup.Dataset}");
        Line("seconds", "gradients", "steps", "epochs", "train loss", "test loss", "accuracy");
        foreach (var point in result.Curve)
            Line(Fixed(point.At.Seconds, 1), Whole(point.At.Gradients), Whole(point.At.Steps), Fixed(point.At.Epochs, 2), Fixed(point.TrainLoss, 4), Fixed(point.TestLoss, 4), Fixed(100 * point.Accuracy, 2) + " %");
        output.WriteLine();
        output.WriteLine($"end        {result.End.ToString().ToLowerInvariant()}, {result.Totals.GradientsApplied} gradients in {result.Totals.End.Steps} steps, {result.Totals.Reassignments} reassignments");
        foreach (var (side, counts) in (IEnumerable<(string, GradientCounts)>)[("loyal", result.Loyal), ("byzantine", result.Byzantine)])
            output.WriteLine($"{side,-10} {counts.Received} received, {counts.FilteredByFrequency} filtered by frequency, {counts.FilteredByLipschitz} by Lipschitz, {counts.Refused} refused");
        output.WriteLine($"computed   in {Fixed(result.Times.Total.TotalSeconds, 1)} s, of which {Fixed(result.Times.Gradients.TotalSeconds, 1)} s gradients and {Fixed(result.Times.Evaluations.TotalSeconds, 1)} s evaluations");
    }

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
