using Basgd.Grains.Telemetry;
using OpenTelemetry.Trace;

namespace Basgd.Silo.Telemetry;

/// <summary>
/// Which traces there are: of contributions the given share, of steps those into which one of them went, of nothing else. So calls
/// between grains are in a trace where they belong to one, and the many that do not begin none.
/// </summary>
internal sealed class RootSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler share = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => samplingParameters.Name switch
    {
        Spans.Contribution => share.ShouldSample(samplingParameters),
        Spans.Step when samplingParameters.Links?.Any() == true => new SamplingResult(SamplingDecision.RecordAndSample),
        _ => new SamplingResult(SamplingDecision.Drop),
    };
}
