using System.Net;
using System.Text.Json;
using Basgd.Browser.Tests.Fakes;
using Basgd.Contracts;
using Basgd.Silo.Page;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>The page of a job with 1,000 workers and 100,000 steps behind it asks for, draws and keeps little more than that of a small one.</summary>
[Trait("category", "slow")]
public sealed class ScaleTests(Chromium chromium) : IAsyncLifetime
{
    private const int MostPoints = 600;
    private const int MostNodes = 3_500;
    private const int MostBytes = 300_000;
    private const int MostBytesSent = 60_000;
    private const int RowsOfPage = 50;

    private PageServer? server;

    public async ValueTask InitializeAsync()
    {
        var job = new LongJob();
        var services = new ServiceCollection()
            .AddSingleton(FakeGrains.Of(new Dictionary<Type, object> { [typeof(ITrainingJobGrain)] = job, [typeof(IJobDirectoryGrain)] = job, [typeof(ISiloDirectoryGrain)] = job }))
            .AddSingleton(TimeProvider.System)
            .BuildServiceProvider();
        server = new PageServer(IPAddress.Loopback, IPAddress.Loopback, new PageOptions { Port = 8080, OrAnyPort = true }, services, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Answers_are_thinned_out_and_small()
    {
        await using var page = await chromium.Open(server!.Address!);
        var history = await Answer(page, "/history");
        foreach (var series in (string[])["points", "evaluations", "events"]) history.GetProperty(series).GetArrayLength().ShouldBeInRange(MostPoints / 2, MostPoints, series);
        var steps = history.GetProperty("points").EnumerateArray().Select(static point => point.GetProperty("step").GetInt64()).ToList();
        steps[0].ShouldBe(1);
        steps[^1].ShouldBeGreaterThan(LongJob.Steps - 200);
        (await Answer(page, "/workers")).GetArrayLength().ShouldBe(LongJob.Workers);
        await Answer(page, $"/{LongJob.Name}");
    }

    [Fact]
    public async Task The_page_keeps_few_elements_however_long_it_is_looked_at()
    {
        await using var page = await chromium.Open(server!.Address!);
        await Expect(page.Workers).ToHaveCountAsync(RowsOfPage);
        await Expect(page.Chart("accuracy").Locator("canvas")).ToBeVisibleAsync();
        var drawn = await Nodes(page);
        drawn.ShouldBeLessThan(MostNodes);
        foreach (var chart in (string[])["loss", "accuracy"]) (await page.Marks(chart, "reassignment").CountAsync()).ShouldBeInRange(2, 100);
        (await page.Events.CountAsync()).ShouldBe(100);

        await Answer(page, "/history");
        await page.Page.GetByLabel("time").CheckAsync();
        await Answer(page, "/history");
        (await Nodes(page)).ShouldBeInRange(drawn - 100, drawn + 100);
    }

    [Fact]
    public async Task Any_of_a_thousand_workers_is_found()
    {
        await using var page = await chromium.Open(server!.Address!);
        await Expect(page.Page.Locator("#page")).ToHaveTextAsync("1 of 20, 1,000 workers");
        await page.Button("Next").ClickAsync();
        await Expect(page.Workers.First.Locator("td").First).ToHaveTextAsync("50");
        await page.Button("refused").ClickAsync();
        await page.Button("Previous").ClickAsync();
        await Expect(page.Workers.First.Locator("td").First).ToHaveTextAsync("777");
        await Expect(page.Workers.First).ToHaveAttributeAsync("data-tone", "bad");
        await page.Page.GetByLabel("Find").FillAsync("10.0.0.7:");
        await Expect(page.Workers.First).ToContainTextAsync("10.0.0.7:");
        await page.Page.GetByLabel("Find").FillAsync("999");
        await Expect(page.Workers).ToHaveCountAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
    }

    /// <summary>The next answer to a question of the page, which must be small.</summary>
    private static async Task<JsonElement> Answer(LivePage page, string path)
    {
        var response = await page.Page.WaitForResponseAsync(response => new Uri(response.Url).AbsolutePath.EndsWith(path, StringComparison.Ordinal));
        var body = await response.BodyAsync();
        body.Length.ShouldBeLessThan(MostBytes, path);
        (await response.Request.SizesAsync()).ResponseBodySize.ShouldBeLessThan(MostBytesSent, path);
        return JsonDocument.Parse(body).RootElement;
    }

    private static Task<int> Nodes(LivePage page) => page.Page.EvaluateAsync<int>("() => document.querySelectorAll('*').length");
}
