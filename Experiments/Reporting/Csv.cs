using System.Globalization;
using System.Text;

namespace Basgd.Experiments.Reporting;

/// <summary>Comma-separated values after RFC 4180.</summary>
internal static class Csv
{
    public static string Lines(IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendJoin(',', row.Select(Quote)).Append('\n');
        return text.ToString();
    }

    /// <summary>Every evaluation of every run.</summary>
    public static string Curves(Findings findings) => Lines(
    [
        ["setting", "method", "seed", .. PointColumns],
        .. from outcome in findings.Outcomes
           from run in outcome.Runs
           from point in run.Curve
           select (IReadOnlyList<string>)[outcome.Trial.Setting, outcome.Trial.Method, Number(run.Seed), .. Point(point)],
    ]);

    /// <summary>What was believed after each step of every run.</summary>
    public static string Rounds(Findings findings) => Lines(
    [
        ["setting", "method", "seed", "step", "attackers_on_top", "attackers_above_95", "loyal_above_50", "loyal_above_95", "highest_loyal"],
        .. from outcome in findings.Outcomes
           from run in outcome.Runs
           from round in run.Beliefs
           select (IReadOnlyList<string>)[outcome.Trial.Setting, outcome.Trial.Method, Number(run.Seed), Number(round.At.Steps), .. ((double[])[round.OnTop, round.Caught, round.FalselySuspected, round.FalselyCondemned, round.HighestLoyal]).Select(Short)],
    ]);

    /// <summary>What <see cref="Point"/> gives.</summary>
    public static IReadOnlyList<string> PointColumns { get; } = ["seconds", "gradients", "steps", "epochs", "train_loss", "test_loss", "accuracy"];

    public static IReadOnlyList<string> Point(Simulator.CurvePoint point) =>
        [Number(point.At.Seconds), Number(point.At.Gradients), Number(point.At.Steps), Number(point.At.Epochs), Number(point.TrainLoss), Number(point.TestLoss), Number(point.Accuracy)];

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Short(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
