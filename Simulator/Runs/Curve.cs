using Basgd.Learning;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>The evaluations of a simulation, and when the next is due.</summary>
internal sealed class Curve(Amount? every, ILearner learner, Stopwatches watches)
{
    private readonly List<CurvePoint> points = [];
    private double next;

    public IReadOnlyList<CurvePoint> Points => points;

    public static bool Reaches(Amount amount, Progress progress) => In(amount.Measure, progress) >= amount.Value;

    public bool IsDue(Progress progress) => every is { } interval && In(interval.Measure, progress) >= next;

    public void Evaluate(Progress progress, ModelState state)
    {
        var evaluation = watches.Evaluation(() => learner.Evaluate(state.Parameters.Span));
        points.Add(new CurvePoint(progress, state.TrainingLoss, evaluation.Loss, evaluation.Accuracy));
        if (every is { } interval) next = (Math.Floor(In(interval.Measure, progress) / interval.Value) + 1) * interval.Value;
    }

    /// <summary>The last point, unless it is there.</summary>
    public void Finish(Progress progress, ModelState state)
    {
        if (points[^1].At != progress) Evaluate(progress, state);
    }

    private static double In(Measure measure, Progress progress) => measure switch
    {
        Measure.Epochs => progress.Epochs,
        Measure.Gradients => progress.Gradients,
        Measure.Steps => progress.Steps,
        _ => progress.Seconds,
    };
}
