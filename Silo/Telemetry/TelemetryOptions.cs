using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Telemetry;

/// <summary>Whom the silo tells how it goes; section <c>Basgd:Telemetry</c>. What it tells is in docs/observability.md.</summary>
[OptionsSection("Basgd:Telemetry")]
public sealed class TelemetryOptions : IValidatableObject
{
    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";
    public const string Text = "text";
    public const string Json = "json";

    [Description("Whether `/metrics` on the health port answers Prometheus.")]
    public bool Prometheus { get; set; } = true;

    [Description("Where an OpenTelemetry collector takes traces, metrics and logs, such as `http://collector:4317`.")]
    public string? OtlpEndpoint { get; set; }

    [Description("`grpc` (collectors take it on port 4317) or `http/protobuf` (4318).")]
    [AllowedValues(Grpc, Http)]
    public string OtlpProtocol { get; set; } = Grpc;

    [Description("Headers for the collector, `name=value,name=value`; never shown.")]
    [PasswordPropertyText(true)]
    public string? OtlpHeaders { get; set; }

    [Description("Whether traces and metrics are also written to standard output.")]
    public bool Console { get; set; }

    [Description("How often metrics are sent or written. `/metrics` always has them as of now.")]
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ExportEvery { get; set; } = TimeSpan.FromSeconds(15);

    [Description("Share of contributions that are traced, 0 to 1, and with each the step it goes into. The same on all silos: the worker's decides.")]
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 0.01;

    [Description("Whether contributions are counted for each worker; a series for each worker and outcome.")]
    public bool PerWorker { get; set; }

    [Description("`text`, or `json`: a document a line, with trace ids.")]
    [AllowedValues(Text, Json)]
    public string LogFormat { get; set; } = Text;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
            yield return new ValidationResult("must be an http:// or https:// address", [nameof(OtlpEndpoint)]);
        if (OtlpHeaders is not null && OtlpHeaders.Split(',').Any(static header => header.IndexOf('=', StringComparison.Ordinal) < 1))
            yield return new ValidationResult("must be name=value, several with commas between them", [nameof(OtlpHeaders)]);
    }
}
