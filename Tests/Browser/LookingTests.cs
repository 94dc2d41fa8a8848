using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>What somebody sees of a job that runs.</summary>
[Trait("category", "slow"), Collection<RunningJob>]
public sealed class LookingTests(Chromium chromium, RunningJob job)
{
    [Theory]
    [InlineData("loss")]
    [InlineData("accuracy")]
    public async Task Curves_move(string chart)
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        await Expect(page.Chart(chart).Locator("canvas")).ToBeVisibleAsync();
        await Expect(page.Chart(chart)).ToHaveAttributeAsync("aria-label", new Regex("^(training|accuracy) [0-9]"));
        var drawn = await page.Chart(chart).Locator("canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");

        await page.Page.WaitForFunctionAsync("([chart, drawn]) => document.querySelector(`#${chart} canvas`).toDataURL() !== drawn", new[] { chart, drawn });
        (await HasColour(page, chart, "--first")).ShouldBeTrue("the canvas has a curve");
    }

    [Fact]
    public async Task Steps_and_time_are_axes_to_choose_from()
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        await Expect(page.Marks("loss", "learningRate")).ToHaveCountAsync(1);
        await page.Page.GetByLabel("time").CheckAsync();
        await Expect(page.Marks("loss", "learningRate")).ToHaveCountAsync(1);
        (await HasColour(page, "loss", "--first")).ShouldBeTrue("the canvas has a curve over time");
    }

    [Fact]
    public async Task Numbers_buffers_workers_cluster_and_spec_are_those_of_the_job()
    {
        await using var page = await chromium.Open(job.Page);
        await Expect(page.Page).ToHaveTitleAsync(new Regex("^seen .* – Basgd$"));
        await Expect(page.Phase).ToHaveTextAsync("running");
        var step = await page.Fact("step").TextContentAsync();
        await Expect(page.Fact("step")).Not.ToHaveTextAsync(step!);
        await Expect(page.Fact("learning rate")).ToHaveTextAsync("0.025");

        await Expect(page.Buffers).ToHaveCountAsync(5);
        await Expect(page.Page.Locator("#buffers .far").First).ToContainTextAsync("far off");

        await Expect(page.Workers).ToHaveCountAsync(8);
        await Expect(page.Silos).ToHaveCountAsync(1);
        await Expect(page.Silos.Locator("td")).ToContainTextAsync(["127.0.0.1:", "all", "active", "8", "8 of ", "cpu", "model, 5 buffers", ":"]);
        var silo = await page.Silos.Locator("td").First.TextContentAsync();
        await Expect(page.Workers.First).ToContainTextAsync(silo!);
        var accepted = page.Workers.First.Locator("td").Nth(5);
        var before = await accepted.TextContentAsync();
        await Expect(accepted).Not.ToHaveTextAsync(before!);

        await page.Page.GetByText("Spec", new() { Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("#spec")).ToContainTextAsync("attacknegative-gradient(k=10)");
    }

    [Fact]
    public async Task What_happened_is_marked_listed_and_counted()
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        foreach (var chart in (string[])["loss", "accuracy"]) await Expect(page.Marks(chart, "learningRate")).ToHaveTextAsync("η");
        await Expect(page.Events.First).ToContainTextAsync("learning rate 0.05 → 0.025");
        await Expect(page.Events.Last).ToContainTextAsync("running");
        await Expect(page.Page.GetByLabel("Marks on the charts")).ToContainTextAsync("learning rate: 1");
    }

    /// <summary>As where a job is fast, and something happens before its first evaluation.</summary>
    [Fact]
    public async Task What_happened_before_a_curve_begins_is_marked_beside_it()
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        await Expect(page.Marks("loss", "learningRate")).ToHaveTextAsync("η");
        await page.Page.RouteAsync("**/history?*", static async route =>
        {
            var answer = await route.FetchAsync();
            var history = JsonNode.Parse(await answer.TextAsync())!;
            history["evaluations"] = new JsonArray([.. history["evaluations"]!.AsArray().TakeLast(2).Select(static evaluation => evaluation!.DeepClone())]);
            await route.FulfillAsync(new() { Response = answer, Body = history.ToJsonString() });
        });
        await page.Page.ReloadAsync();
        await Expect(page.Marks("accuracy", "learningRate")).ToHaveTextAsync("η");
        await Expect(page.Marks("loss", "learningRate")).ToHaveTextAsync("η");
    }

    [Fact]
    public async Task Workers_are_found_and_sorted()
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        await Expect(page.Workers.First.Locator("td").First).ToHaveTextAsync("0");
        await page.Button("worker").ClickAsync();
        await Expect(page.Workers.First.Locator("td").First).ToHaveTextAsync("7");
        await page.Page.GetByLabel("Find").FillAsync("no such silo");
        await Expect(page.Workers).ToHaveCountAsync(0);
        await page.Page.GetByLabel("Find").FillAsync("127.0.0.1:");
        await Expect(page.Workers).ToHaveCountAsync(8);
    }

    /// <summary>All that somebody may do on it, and nothing but its own silo is asked, and the browser does not complain.</summary>
    [Fact]
    public async Task No_other_host_is_asked_for_anything()
    {
        await using var page = await chromium.Open(job.Page, RunningJob.Name);
        await Expect(page.Chart("loss").Locator("canvas")).ToBeVisibleAsync();
        await page.Page.Locator("#theme").ClickAsync();
        await page.Page.GetByLabel("time").CheckAsync();
        await page.Page.GetByText("Spec", new() { Exact = true }).ClickAsync();
        await page.Token.FillAsync(RunningJob.Token);
        await page.Button("Evaluate").ClickAsync();
        await Expect(page.Acted).ToHaveTextAsync("Evaluate: done");
        var export = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByText("Export weights").ClickAsync());
        export.SuggestedFilename.ShouldStartWith("seen-");
        await page.Page.ReloadAsync();
        await Expect(page.Chart("loss").Locator("canvas")).ToBeVisibleAsync();

        page.Asked.Count.ShouldBeGreaterThan(20);
        page.Asked.Where(static asked => asked.Scheme != "data").Select(static asked => asked.GetLeftPart(UriPartial.Authority)).Distinct().ShouldBe([job.Page.GetLeftPart(UriPartial.Authority)]);
        page.Complaints.ShouldBeEmpty();
    }

    /// <param name="colour">Name of a CSS property.</param>
    private static Task<bool> HasColour(LivePage page, string chart, string colour) => page.Chart(chart).Locator("canvas").EvaluateAsync<bool>(
        """
        (canvas, name) => {
          const wanted = getComputedStyle(document.documentElement).getPropertyValue(name).match(/\d+/g).map(Number);
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255 && wanted.every((part, k) => Math.abs(data[i + k] - part) < 3)) found++;
          return found > 20;
        }
        """,
        colour);
}
