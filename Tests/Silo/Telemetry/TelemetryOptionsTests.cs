using Basgd.Silo.Hosting;
using Basgd.Silo.Tests.Hosting;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Tests.Telemetry;

public sealed class TelemetryOptionsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("OtlpEndpoint", "collector:4317", "Basgd:Telemetry:OtlpEndpoint = collector:4317: must be an http:// or https:// address")]
    [InlineData("OtlpProtocol", "udp", "Basgd:Telemetry:OtlpProtocol = udp: must be one of grpc, http/protobuf")]
    [InlineData("OtlpHeaders", "secret", "Basgd:Telemetry:OtlpHeaders = ***: must be name=value, several with commas between them")]
    [InlineData("SampleRatio", "2", "Basgd:Telemetry:SampleRatio = 2: must be 0 … 1")]
    [InlineData("ExportEvery", "00:00:00", "Basgd:Telemetry:ExportEvery = 00:00:00: must be 00:00:00.1000000 … 01:00:00")]
    [InlineData("LogFormat", "xml", "Basgd:Telemetry:LogFormat = xml: must be one of text, json")]
    public void A_wrong_option_is_refused_with_its_name_its_value_and_the_rule(string option, string value, string message) =>
        Should.Throw<OptionsValidationException>(() => SiloHost.Build(["--state", directory.Path, $"--Basgd:Telemetry:{option}={value}"])).Failures.ShouldBe([message]);
}
