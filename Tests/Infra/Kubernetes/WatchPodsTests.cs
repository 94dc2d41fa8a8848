using System.Diagnostics;
using Basgd.Contracts.Attaching;
using Basgd.Silo.Hosting;
using Basgd.Tests.Servers;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting.Kubernetes;
using Orleans.Runtime;

namespace Basgd.Infra.Tests.Kubernetes;

/// <summary>Two real silos, of which one watches pods at an API that tells it what the test says.</summary>
[Trait("category", "slow")]
public sealed class WatchPodsTests : IDisposable
{
    private const string Pod = "basgd-server-0";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("basgd-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ASiloWhosePodIsGoneIsDeadThoughItStillAnswersProbes()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var pods = await PodApi.Start(new Dictionary<string, string> { [KubernetesHostingOptions.ClusterIdLabel] = "basgd", [KubernetesHostingOptions.ServiceIdLabel] = "basgd" });
        string[] cluster = ["--role", "server", "--cluster", "redis", $"--Basgd:Cluster:Connection={redis.Address}", "--storage", "redis", $"--Basgd:Storage:Redis:Connection={redis.Address}"];

        // Orleans reads them from nowhere else.
        Environment.SetEnvironmentVariable("POD_NAME", Pod);
        Environment.SetEnvironmentVariable("POD_NAMESPACE", "basgd");
        using var silo = SiloHost.Build(
            [.. cluster, "--state", Path.Combine(folder, "1"), "--Basgd:Cluster:WatchPods=true"],
            services => services.Configure<KubernetesHostingOptions>(kubernetes => kubernetes.GetClientConfiguration = () => pods.Client));
        await silo.StartAsync();
        var members = silo.Services.GetRequiredService<IClusterMembershipService>();
        Others(members).ShouldBeEmpty();
        members.CurrentSnapshot.Members.Values.Single().Name.ShouldBe(Pod);

        var state = Directory.CreateDirectory(Path.Combine(folder, "2")).FullName;
        using var attached = new StateShare(new SharedFolder(state), TimeProvider.System).Add(new Need("test"), "1");
        using var other = Process.Start(new ProcessStartInfo("dotnet", [Repository.PathOf("Silo/bin/Release/net10.0/Basgd.Silo.dll"), .. cluster, "--state", state, "--attended"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            await Until(() => Others(members).Any(static member => member.Status == SiloStatus.Active) && pods.Verbs.ContainsKey("watch"));
            pods.Delete(Others(members).Single().Name);
            await Until(() => Others(members).All(static member => member.Status == SiloStatus.Dead));
        }
        finally
        {
            other.Kill(entireProcessTree: true);
        }

        // It asked for what the role of the manifests allows, and for nothing else.
        var role = (await Overlay.Build(Overlay.Dev)).All<V1Role>().Single();
        pods.Verbs.Keys.ShouldBe(role.Rules.Single().Verbs, ignoreOrder: true);
        await silo.StopAsync();
    }

    private static IEnumerable<ClusterMember> Others(IClusterMembershipService members) => members.CurrentSnapshot.Members.Values.Where(static member => member.Name != Pod);

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition()) await look.WaitForNextTickAsync(patience.Token);
    }
}
