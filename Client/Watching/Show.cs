using System.Globalization;
using Basgd.Contracts;

namespace Basgd.Client.Watching;

/// <summary>How people read numbers of a job.</summary>
internal static class Show
{
    public const string Nothing = "-";

    /// <summary>Suspects shown by name.</summary>
    private const int MostSuspects = 5;

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(double value, string format = "G4") => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : Nothing;

    public static string Percent(double share, string format = "F1") => double.IsFinite(share) ? (100 * share).ToString(format, CultureInfo.InvariantCulture) + " %" : Nothing;

    public static string Step(JobStatus status) => status.Spec.Steps is { } steps ? $"{Count(status.Version.Step)} of {Count(steps)}" : Count(status.Version.Step);

    public static string Epoch(JobStatus status) =>
        Number(status.Epoch, "F2") + (status.Spec.EffectiveEpochs is { } epochs ? $" of {Number(epochs)}" : "");

    /// <summary>What a model is judged by: perplexity of a language model, accuracy of any other.</summary>
    public static (string Name, string Value) Quality(EvaluationPoint? evaluation) => evaluation switch
    {
        null => ("test accuracy", Nothing),
        { Perplexity: { } perplexity } => ("test perplexity", Number(perplexity, "F1")),
        _ => ("test accuracy", Percent(evaluation.Accuracy, "F2")),
    };

    /// <summary>The workers that are more likely Byzantine than not, the most suspect first, each with the belief; empty where there are none.</summary>
    /// <param name="beliefs">0 … 1, by worker.</param>
    public static string Suspects(IReadOnlyList<double> beliefs)
    {
        var suspects = beliefs.Index().Where(static entry => entry.Item > 0.5).OrderByDescending(static entry => entry.Item).ToArray();
        return string.Join(", ", suspects.Take(MostSuspects).Select(static entry => $"worker {entry.Index} ({Percent(entry.Item, "F0")})"))
            + (suspects.Length > MostSuspects ? $", and {Count(suspects.Length - MostSuspects)} more" : "");
    }

    /// <summary>An address such as S10.0.0.1:11111:98, without its kind and its start.</summary>
    public static string Silo(string address) => address.LastIndexOf(':') is var start and > 0 && address[0] == 'S' ? address[1..start] : address;

    /// <summary>Why a silo cannot run the job, in one line.</summary>
    public static string CannotRun(SiloObstacle obstacle, string job = "the job") => $"silo {Silo(obstacle.Silo)} cannot run {job}: {obstacle.Reason}";

    public static string Phase(JobPhase phase) => phase.ToString().ToLowerInvariant();
}
