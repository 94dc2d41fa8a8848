using System.Diagnostics.Metrics;
using Basgd.Contracts.Connections;
using Basgd.Grains.Telemetry;
using Basgd.Silo.Tests.Hosting;
using Basgd.Tests.Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Silo.Tests.Telemetry;

public sealed class CertificateExpiryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<ConnectionInstruments>().BuildServiceProvider();
    private readonly Authority authority;

    public CertificateExpiryTests() => authority = new Authority(directory.Path, "authority");

    public void Dispose()
    {
        authority.Dispose();
        services.Dispose();
        directory.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public void The_gauge_follows_the_files_and_keeps_the_certificate_in_use_while_they_are_wrong()
    {
        var problems = new List<TlsFileException>();
        var files = Sign(Now.AddDays(1));
        var credentials = new TlsCredentials(files, isSilo: true, TimeProvider.System) { Refused = problems.Add };
        using var watched = services.GetRequiredService<ConnectionInstruments>().Watch(credentials);
        var first = Read();
        DaysLeft(first[ConnectionInstruments.Silo]).ShouldBe(1, 0.1);
        DaysLeft(first[ConnectionInstruments.Authority]).ShouldBe(10, 0.1);

        Sign(Now.AddDays(5));
        DaysLeft(Read()[ConnectionInstruments.Silo]).ShouldBe(5, 0.1);

        // Prometheus asks four times a minute; one line in the log is enough.
        File.WriteAllText(files.Certificate, "half of a cert");
        DaysLeft(Read()[ConnectionInstruments.Silo]).ShouldBe(5, 0.1);
        Read();
        problems.Count.ShouldBe(1);

        // What was mended and is wrong again is worth another line.
        Sign(Now.AddDays(3));
        DaysLeft(Read()[ConnectionInstruments.Silo]).ShouldBe(3, 0.1);
        File.WriteAllText(files.Certificate, "half of a cert");
        Read();
        problems.Count.ShouldBe(2);
    }

    private TlsFiles Sign(DateTimeOffset until) => authority.Sign("silo", Now.AddDays(-1), until, Authority.Server, Authority.Client);

    private static double DaysLeft(double expiry) => TimeSpan.FromSeconds(expiry - Now.ToUnixTimeSeconds()).TotalDays;

    private Dictionary<string, double> Read()
    {
        var read = new Dictionary<string, double>();
        var meter = services.GetRequiredService<IMeterFactory>().Create(Names.Source);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == meter) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => read[(string)tags[0].Value!] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }
}
