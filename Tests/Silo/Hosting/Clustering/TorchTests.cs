using System.Diagnostics;
using Basgd.Contracts.Attaching;
using Basgd.Silo.Hosting;
using Basgd.Tests.Servers;

namespace Basgd.Silo.Tests.Hosting.Clustering;

/// <summary>The real program, as a process of its own.</summary>
[Trait("category", "slow")]
public sealed class TorchTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(SiloRole.Server, false)]
    [InlineData(SiloRole.Worker, true)]
    public async Task Only_silos_that_compute_load_TorchSharp(string role, bool loads)
    {
        using var directory = new TemporaryDirectory();
        var share = new StateShare(new SharedFolder(directory.Path), TimeProvider.System);
        using var attached = share.Add(new Need("test"), "1");
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = directory.Path };
        string[] arguments = [typeof(SiloHost).Assembly.Location, "--state", directory.Path, "--attended", "--role", role, "--cluster", "redis", "--cluster-id", role, "--storage", "redis"];
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        info.Environment["Basgd__Cluster__Connection"] = info.Environment["Basgd__Storage__Redis__Connection"] = redis.Address;
        using var limit = new CancellationTokenSource(Patience);
        using var silo = Process.Start(info)!;
        try
        {
            while (await silo.StandardOutput.ReadLineAsync(limit.Token) is { } line && !line.StartsWith("ready ", StringComparison.Ordinal))
            {
            }

            (await File.ReadAllTextAsync($"/proc/{silo.Id}/maps", limit.Token)).Contains("TorchSharp.dll").ShouldBe(loads);
        }
        finally
        {
            attached.Dispose();
            await silo.StandardOutput.ReadToEndAsync(limit.Token);
            await silo.WaitForExitAsync(limit.Token);
        }

        silo.ExitCode.ShouldBe(0);
    }
}
