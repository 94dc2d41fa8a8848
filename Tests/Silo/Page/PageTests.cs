using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Basgd.Contracts;
using Basgd.Silo.Page;
using Basgd.Silo.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Silo.Tests.Page;

[Trait("category", "slow")]
public sealed class PageTests : IDisposable
{
    private const string Token = "a token of the test";

    private readonly TemporaryDirectory directory = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_job_can_be_read_from_start_to_end()
    {
        await using var silo = await Start();
        await silo.Until(await silo.Submit(LeastSquares.Job("seen")), static status => status.Phase == JobPhase.Completed);

        (await Ask("api/jobs")).EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("seen");
        var status = await Ask("api/jobs/seen");
        status.GetProperty("phase").GetString().ShouldBe("completed");
        status.GetProperty("modelSilo").GetString().ShouldBe(silo.Address);
        status.GetProperty("buffers").EnumerateArray().Select(static buffer => buffer.GetProperty("silo").GetString()).ShouldBe([silo.Address, silo.Address, silo.Address]);

        var workers = (await Ask("api/jobs/seen/workers")).EnumerateArray().ToList();
        workers.Select(static worker => worker.GetProperty("worker").GetInt32()).ShouldBe([0, 1, 2, 3]);
        workers.Sum(static worker => worker.GetProperty("tally").GetProperty("accepted").GetInt64()).ShouldBeGreaterThanOrEqualTo(200 * 3);

        var history = await Ask("api/jobs/seen/history?most=10");
        history.GetProperty("points").GetArrayLength().ShouldBeInRange(2, 10);
        history.GetProperty("evaluations").EnumerateArray().Last().GetProperty("version").GetProperty("step").GetInt64().ShouldBe(200);
        history.GetProperty("events").EnumerateArray().Select(static e => e.GetProperty("text").GetString()).ShouldBe(["running", "completed"]);

        (await Ask("api/silos")).GetProperty("silos").EnumerateArray().Single().GetProperty("address").GetString().ShouldBe(silo.Address);
        var weights = await http.GetByteArrayAsync(new Uri("api/jobs/seen/weights.safetensors", UriKind.Relative));
        BitConverter.ToSingle(weights.AsSpan()[^12..]).ShouldBe(LeastSquares.Truth[0], 0.1f);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_with_the_reason()
    {
        await using var silo = await Start();
        await silo.Submit(LeastSquares.Job("here"));

        (await Refused("api/jobs/nobody")).ShouldBe((HttpStatusCode.BadRequest, "name = nobody: there is no such job"));
        (await Refused("api/jobs/here/history?most=many")).ShouldBe((HttpStatusCode.BadRequest, "most = many: must be a number"));
        (await Refused("api/jobs/here/history?most=1")).ShouldBe((HttpStatusCode.BadRequest, "most = 1: must be 2 … 10000"));
        (await Refused("api/elsewhere")).Code.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_the_token_lets_one_act()
    {
        await using var silo = await Start($"--Basgd:Page:Token={Token}");
        var job = await silo.Submit(LeastSquares.Job("mine") with { Steps = 1_000_000 });
        (await Ask("api/page")).GetProperty("mayAct").GetBoolean().ShouldBeTrue();

        (await Post("api/jobs/mine/pause", null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post("api/jobs/mine/pause", "another token of it")).ShouldBe(HttpStatusCode.Unauthorized);
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Running);

        (await Post("api/jobs/mine/pause", Token)).ShouldBe(HttpStatusCode.OK);
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Paused);
        (await Post("api/jobs/mine/resume", Token)).ShouldBe(HttpStatusCode.OK);
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Running);
        (await Post("api/jobs/mine/evaluate", Token)).ShouldBe(HttpStatusCode.OK);
        (await job.GetStatus()).LastEvaluation.ShouldNotBeNull();
        (await Post("api/jobs/mine/stop", Token)).ShouldBe(HttpStatusCode.OK);
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Stopped);
        (await Post("api/jobs/mine/resume", Token)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_a_token_nobody_acts()
    {
        await using var silo = await Start();
        await silo.Submit(LeastSquares.Job("theirs"));
        (await Ask("api/page")).GetProperty("mayAct").GetBoolean().ShouldBeFalse();
        (await Post("api/jobs/theirs/stop", "")).ShouldBe(HttpStatusCode.Forbidden);
        (await Post("api/jobs/theirs/stop", Token)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_page_is_in_the_program_and_asks_no_other_host()
    {
        await using var silo = await Start();
        foreach (var file in (string[])["", "page.css", "js/page.js", "js/charts.js", "lib/uPlot.js"])
        {
            using var answer = await http.GetAsync(new Uri(file, UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, file);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
            if (!file.StartsWith("lib/", StringComparison.Ordinal)) (await answer.Content.ReadAsStringAsync()).ShouldNotContain("://");
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_unless_any_will_do()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;

        await Should.ThrowAsync<IOException>(() => RunningSilo.Start("--state", directory.Path, "--page-port", $"{taken}"));
        using var other = new TemporaryDirectory();
        await using var silo = await RunningSilo.Start("--state", other.Path, "--page-port", $"{taken}", "--Basgd:Page:OrAnyPort=true");
        silo.Services.GetRequiredService<PageServer>().Address!.Port.ShouldNotBe(taken);
    }

    private async Task<RunningSilo> Start(params string[] args)
    {
        // The port is taken by then or another one is found.
        var silo = await RunningSilo.Start(["--state", directory.Path, "--page-port", "8080", "--Basgd:Page:OrAnyPort=true", .. args]);
        http.BaseAddress = silo.Services.GetRequiredService<PageServer>().Address;
        return silo;
    }

    private async Task<JsonElement> Ask(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<(HttpStatusCode Code, string? Error)> Refused(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
    }

    private async Task<HttpStatusCode> Post(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
