using System.Globalization;
using Basgd.Contracts;

namespace Basgd.Client.Watching;

/// <summary>How people read numbers of a job.</summary>
internal static class Show
{
    public const string Nothing = "-";

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

    public static string Phase(JobPhase phase) => phase.ToString().ToLowerInvariant();
}
