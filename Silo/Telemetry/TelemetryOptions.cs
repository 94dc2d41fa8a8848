using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Telemetry;

/// <summary>Whom the silo tells how it goes; section <c>Basgd:Telemetry</c>. What it tells is in docs/observability.md.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";
    public const string Text = "text";
    public const string Json = "json";

    /// <summary>Whether <c>/metrics</c> beside <c>/health</c> answers Prometheus, where there is a health port. Default: true.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>Where a collector takes traces, metrics and logs by OTLP, such as <c>http://collector:4317</c>. Default: none.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>grpc (collectors take it on port 4317) or http/protobuf (4318). Default: grpc.</summary>
    [AllowedValues(Grpc, Http)]
    public string OtlpProtocol { get; set; } = Grpc;

    /// <summary>Headers for the collector, <c>name=value,name=value</c>; never shown. Default: none.</summary>
    [PasswordPropertyText(true)]
    public string? OtlpHeaders { get; set; }

    /// <summary>Whether traces and metrics are also written to standard output, to try things out. Default: false.</summary>
    public bool Console { get; set; }

    /// <summary>How often metrics are sent or written; whoever asks for /metrics has them as of now. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ExportEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Share of contributions that are traced, 0 … 1, and with each the step it goes into. Default: 0.01.</summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 0.01;

    /// <summary>Whether contributions are counted for each worker, a series for each and each outcome. Default: false.</summary>
    public bool PerWorker { get; set; }

    /// <summary>text (a line for a person) or json (a document a line, with trace ids) on standard output. Default: text.</summary>
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
