using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>What a server becomes of a gradient.</summary>
internal enum Verdict
{
    /// <summary>It is or will be part of a step.</summary>
    Taken,

    /// <summary>Kardam's frequency filter kept it out.</summary>
    FilteredByFrequency,

    /// <summary>Kardam's Lipschitz filter kept it out.</summary>
    FilteredByLipschitz,

    /// <summary>It cannot be used; the answer says why.</summary>
    Refused,
}

/// <param name="Verdict">What became of the gradient.</param>
/// <param name="Answer">What the worker hears, as from a buffer of the service.</param>
/// <param name="Waits">Whether the worker fetches its next model only after the round has ended, by a step or a new mapping.</param>
internal readonly record struct Reception(Verdict Verdict, SubmitResult Answer, bool Waits = false);

/// <summary>
/// A server in virtual time: takes gradients, makes steps. Every server makes them by <see cref="Step"/>, as the service does: the same
/// arithmetic, weight decay and momentum, the same check for parameters that are not finite.
/// </summary>
internal abstract class Server(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial, IRule<float> rule) : IDisposable
{
    /// <summary>The newest model, and what belongs to it.</summary>
    public ModelState State { get; protected set; } = ModelState.Initial(initial, job.Workers, job.Buffers);

    /// <summary>Gradients that count towards epochs.</summary>
    public virtual long Counted => State.GradientsApplied;

    /// <summary>See <see cref="Measure.Epochs"/>.</summary>
    public double Epochs => horizon.EpochAt(Counted);

    /// <summary>Virtual seconds at which <see cref="TimeOut"/> is due unless something happens before; +∞ for never.</summary>
    public virtual double Deadline => double.PositiveInfinity;

    /// <summary>How often workers were spread anew.</summary>
    public virtual int Reassignments => 0;

    /// <summary>Whether it is measured how the rows lie, which suspicion and observers need: one pass more over the rows.</summary>
    public bool Measures { get; set; }

    /// <summary>The rows of the newest step.</summary>
    public IReadOnlyList<RowObservation> Rows { get; private set; } = [];

    protected SimulationSpec Spec => spec;

    protected JobSpec Job => job;

    protected IRule<float> Rule => rule;

    /// <summary>A worker has computed: what it would report beside the gradient, before it changes it.</summary>
    /// <param name="at">The model that the gradient was taken at.</param>
    public virtual void Computed(int worker, ReadOnlySpan<float> gradient, ParameterVector at)
    {
    }

    /// <summary>What becomes of a gradient whatever it holds, so that it need not be computed; null where that depends.</summary>
    public virtual Reception? RefuseUnseen(Submission submission) => null;

    /// <summary>Takes a gradient and, where that is due, makes a step.</summary>
    /// <param name="at">The model that the gradient was taken at.</param>
    /// <param name="now">Virtual seconds.</param>
    /// <exception cref="DivergedException">The new parameters would not be finite; the model is as it was.</exception>
    public abstract Reception Receive(Submission submission, ParameterVector at, double now);

    /// <summary>The deadline passed.</summary>
    public virtual void TimeOut(double now)
    {
    }

    /// <summary>What a step from these rows makes of the model.</summary>
    /// <param name="spread">See <see cref="Step.Make"/>.</param>
    protected virtual ModelState Make(IReadOnlyList<SealedRound> rows, Spread? spread) =>
        Step.Make(State, rows, rule, horizon.LearningRateAt(Counted), job.WeightDecay, job.ServerMomentum, spread);

    /// <summary>Makes a step from these rows and returns their vectors.</summary>
    protected void MakeStep(IReadOnlyList<SealedRound> rows)
    {
        var before = State;
        var spread = Measures || job.QuarantineAfterRounds is not null ? new Spread(rows.Count, spec.AggregationThreads) : null;
        try
        {
            State = Make(rows, spread);
        }
        catch (ArgumentException overflow)
        {
            throw new DivergedException($"training diverged: {overflow.Message}");
        }
        finally
        {
            foreach (var row in rows) row.Mean.Return();
        }

        before.Return();
        Rows = spread is null ? [] : [.. rows.Select((row, b) => new RowObservation(row.Contributions, spread.Norms[b], spread.Distances[b]))];
    }

    /// <summary>A vector of its own: what was sent may be read by others.</summary>
    protected static ParameterVector Scaled(ParameterVector gradient, double factor)
    {
        var scaled = ParameterVector.CopyOf(gradient.Span);
        if (factor == 1) return scaled;
        foreach (ref var value in scaled.Span) value = (float)(value * factor);
        return scaled;
    }

    protected static Reception Accepted(Submission submission, Verdict verdict = Verdict.Taken, bool waits = false) =>
        new(verdict, new SubmitResult(null, submission.Version, submission.Sequence), waits);

    protected static Reception Refused(Submission submission, Refusal reason) =>
        new(Verdict.Refused, new SubmitResult(reason, submission.Version, submission.Sequence - 1));

    public virtual void Dispose() => State.Return();
}
