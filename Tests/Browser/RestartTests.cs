using System.Net;
using Basgd.Cluster.Tests.Processes;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>A silo without a token, killed while somebody looks at its page.</summary>
[Trait("category", "slow")]
public sealed class RestartTests(Chromium chromium)
{
    private const string Name = "killed";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_page_is_for_looking_only_says_when_its_silo_is_gone_and_goes_on_with_the_next()
    {
        using var state = new StateFolder();
        Uri address;
        LivePage page;
        await using (var silo = await SiloProcess.Start(state.Path, RunningJob.Arguments()))
        {
            address = silo.Page!;
            await silo.Job(Name).Submit(RunningJob.Spec(Name));
            page = await chromium.Open(address);
            await LookingOnly(page, address);
            await silo.Until(Name, static status => status.Version.Step > 10, Limit);
            await silo.Kill();
            await Expect(page.Trouble).ToContainTextAsync("the silo does not answer: trying again since");
        }

        await using var shown = page;
        var step = await page.Fact("step").TextContentAsync();
        await using var next = await SiloProcess.Start(state.Path, RunningJob.Arguments($"{address.Port}"));
        next.Page.ShouldBe(address);

        await Expect(page.Trouble).ToBeHiddenAsync();
        await Expect(page.Fact("step")).Not.ToHaveTextAsync(step!);
        await Expect(page.Phase).ToHaveTextAsync("running");
        foreach (var chart in (string[])["loss", "accuracy"]) await Expect(page.Marks(chart, "restart")).ToHaveTextAsync("↻");
        await Expect(page.Page.GetByLabel("Marks on the charts")).ToContainTextAsync("restart: 1");
        await Expect(page.Events.First).ToContainTextAsync("from now on");
    }

    private static async Task LookingOnly(LivePage page, Uri address)
    {
        await Expect(page.Page.GetByText("This page is for looking only")).ToBeVisibleAsync();
        foreach (var act in (string[])["Evaluate", "Pause", "Resume", "Stop"])
        {
            await Expect(page.Button(act)).ToBeHiddenAsync();
            var answer = await page.Page.APIRequest.PostAsync($"{address}api/jobs/{Name}/{act.ToLowerInvariant()}", new() { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {RunningJob.Token}" } });
            answer.Status.ShouldBe((int)HttpStatusCode.Forbidden);
            (await answer.TextAsync()).ShouldContain("for looking only");
        }

        await Expect(page.Token).ToBeHiddenAsync();
        await Expect(page.Phase).ToHaveTextAsync("running");
    }
}
