using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// Kardam (Damaskinos et al., ICML 2018): a step w ← w − η·Λ(τ)·g, Λ(τ) = 1/(1 + τ), for every gradient that passes first the frequency
/// filter, then the Lipschitz filter; τ counts steps since the gradient's model. See <see cref="FrequencyFilter"/> and
/// <see cref="LipschitzFilter"/>. What is filtered counts towards epochs: it cost a pass over data. Memory: d × (2m + a constant), the
/// workers' gradients before, by which the coefficients are made, and the models that those were taken at.
/// </summary>
internal sealed class Kardam(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial, KardamServer server)
    : Server(spec, job, horizon, initial, Rules.Create<float>("mean"))
{
    private readonly FrequencyFilter frequency = new(server.Gamma);
    private readonly LipschitzFilter lipschitz = new(spec.Workers, server.Gamma);
    private readonly LipschitzCoefficients coefficients = new();
    private long filtered;

    public override long Counted => State.GradientsApplied + filtered;

    public override void Computed(int worker, ReadOnlySpan<float> gradient, ParameterVector at)
    {
        if (!server.MeasuredByServer) coefficients.Note(worker, gradient, at);
    }

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        var gradient = submission.Gradient!;
        if (!Finite.All(gradient.Span)) return Refused(submission, Refusal.NotFinite);
        if (server.MeasuredByServer) coefficients.Note(submission.Worker, gradient.Span, at);
        var coefficient = coefficients.Of(submission.Worker);
        if (!frequency.Passes(submission.Worker)) return Filtered(submission, Verdict.FilteredByFrequency);
        if (!lipschitz.Passes(submission.Worker, coefficient)) return Filtered(submission, Verdict.FilteredByLipschitz);
        frequency.Note(submission.Worker);
        MakeStep([Row.Of(State, Dampened(submission), [Row.ContributionOf(submission)], submission.Loss)]);
        return Accepted(submission);
    }

    public override void Dispose()
    {
        coefficients.Dispose();
        base.Dispose();
    }

    private Reception Filtered(Submission submission, Verdict verdict)
    {
        filtered++;
        return Accepted(submission, verdict);
    }

    private ParameterVector Dampened(Submission submission) => Scaled(submission.Gradient!, 1.0 / (1 + State.Version.Step - submission.Version.Step));
}
