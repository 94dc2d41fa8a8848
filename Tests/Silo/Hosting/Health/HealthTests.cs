using System.Net;
using Basgd.Silo.Hosting.Health;
using Basgd.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Tests.Hosting.Health;

[Trait("category", "slow")]
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly HttpClient http = new();
    private readonly int port = Server.FreePort();

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_silo_is_ready_once_it_runs_and_not_while_it_drains()
    {
        var gate = new Gate();
        var silo = await RunningSilo.Start(services => services.AddHostedService(_ => gate), "--state", directory.Path, "--health-port", $"{port}");
        (await Ask("live")).ShouldBe((HttpStatusCode.OK, "live\n"));
        (await Ask("ready")).ShouldBe((HttpStatusCode.OK, "ready\n"));

        var stop = silo.DisposeAsync().AsTask();
        await gate.Stopping.Task;
        (await Ask("live")).ShouldBe((HttpStatusCode.OK, "live\n"));
        (await Ask("ready")).ShouldBe((HttpStatusCode.ServiceUnavailable, "draining\n"));
        gate.MayStop.SetResult();
        await stop;

        await Should.ThrowAsync<HttpRequestException>(() => Ask("live"));
    }

    [Fact]
    public async Task The_probe_says_what_the_silo_says()
    {
        string[] args = [HealthProbe.Switch, "--health-port", $"{port}"];
        var output = new StringWriter();
        (await HealthProbe.Run(args, output)).ShouldBeFalse();
        output.ToString().ShouldContain("refused");

        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}");
        output = new StringWriter();
        (await HealthProbe.Run(args, output)).ShouldBeTrue();
        output.ToString().ShouldBe("ready\n");

        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => HealthProbe.Run([HealthProbe.Switch], output));
        wrong.Message.ShouldBe("Basgd:Silo:HealthPort = 0: must be given, because the silo answers there");
    }

    [Fact]
    public async Task A_silo_whose_storage_is_gone_lives_but_is_not_ready_until_it_is_back()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}", "--storage", "redis", $"--Basgd:Storage:Redis:Connection={redis.Address}");
        (await Ask("ready")).Code.ShouldBe(HttpStatusCode.OK);

        await redis.Kill();
        await RunningSilo.Until(async () => (await Ask("ready")).Code == HttpStatusCode.ServiceUnavailable);
        (await Ask("ready")).Text.ShouldBe($"storage does not answer (redis, 127.0.0.1:{redis.Port}): connection refused\n");
        (await Ask("live")).Code.ShouldBe(HttpStatusCode.OK);

        await redis.Restart();
        await RunningSilo.Until(async () => (await Ask("ready")).Code == HttpStatusCode.OK);
    }

    private async Task<(HttpStatusCode Code, string Text)> Ask(string what)
    {
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/{what}"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Holds up the end of the silo.</summary>
    private sealed class Gate : IHostedService
    {
        public TaskCompletionSource Stopping { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayStop { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopping.SetResult();
            return MayStop.Task;
        }
    }
}
