using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Basgd.Silo.Tests.Hosting.Clustering;

public sealed class ProbeTests
{
    /// <summary>Orleans takes the first of these until four probes are answered, and the second from then on, where answers come at once.</summary>
    [Theory]
    [InlineData("00:00:02")]
    [InlineData("00:00:01")]
    public void A_silo_that_just_joined_is_probed_as_often_as_one_long_known(string probeTimeout)
    {
        using var directory = new TemporaryDirectory();
        using var host = SiloHost.Build(
            ["--state", directory.Path, "--cluster", "redis", "--Basgd:Cluster:Connection=localhost:6379", $"--Basgd:Cluster:ProbeTimeout={probeTimeout}", "--storage", "redis", "--Basgd:Storage:Redis:Connection=localhost:6379"],
            static _ => { });
        var membership = host.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var half = TimeSpan.Parse(probeTimeout, System.Globalization.CultureInfo.InvariantCulture) / 2;

        (membership.ProbeTimeout, membership.MinProbeTimeout, membership.MaxProbeTimeout).ShouldBe((half, half, 8 * half));
    }
}
