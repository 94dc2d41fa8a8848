using System.Net;
using Basgd.Contracts;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>What somebody may do who has the token.</summary>
[Trait("category", "slow"), Collection<RunningJob>]
public sealed class ActingTests(Chromium chromium, RunningJob jobs)
{
    [Fact]
    public async Task With_the_token_a_job_is_paused_resumed_and_stopped()
    {
        var job = await jobs.Submit("mine");
        await using var page = await chromium.Open(jobs.Page, "mine");
        await Expect(page.Button("Resume")).ToBeDisabledAsync();
        await page.Token.FillAsync(RunningJob.Token);

        await page.Button("Pause").ClickAsync();
        await Expect(page.Acted).ToHaveTextAsync("Pause: done");
        await Expect(page.Phase).ToHaveTextAsync("paused");
        await Expect(page.Button("Pause")).ToBeDisabledAsync();
        var paused = await job.GetStatus();
        paused.Phase.ShouldBe(JobPhase.Paused);

        await page.Button("Resume").ClickAsync();
        await Expect(page.Phase).ToHaveTextAsync("running");
        await Expect(page.Fact("step")).Not.ToHaveTextAsync(paused.Version.Step.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));

        page.Page.Dialog += (_, question) => question.AcceptAsync();
        await page.Button("Stop").ClickAsync();
        await Expect(page.Phase).ToHaveTextAsync("stopped");
        foreach (var act in (string[])["Pause", "Resume", "Stop"]) await Expect(page.Button(act)).ToBeDisabledAsync();
        await Expect(page.Events.First).ToContainTextAsync("stopped");
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Stopped);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not the one that may act")]
    public async Task Without_it_the_buttons_do_nothing_and_say_why(string token)
    {
        await using var page = await chromium.Open(jobs.Page, RunningJob.Name);
        await page.Token.FillAsync(token);
        await page.Button("Pause").ClickAsync();
        await Expect(page.Acted).ToHaveTextAsync("token: is not the one in Basgd:Page:Token");
        await Expect(page.Phase).ToHaveTextAsync("running");
        (await page.Page.APIRequest.PostAsync($"{jobs.Page}api/jobs/{RunningJob.Name}/stop")).Status.ShouldBe((int)HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_thinks_better_of_it_stops_nothing()
    {
        await using var page = await chromium.Open(jobs.Page, RunningJob.Name);
        await page.Token.FillAsync(RunningJob.Token);
        var asked = new TaskCompletionSource<string>();
        page.Page.Dialog += async (_, question) =>
        {
            await question.DismissAsync();
            asked.SetResult(question.Message);
        };
        await page.Button("Stop").ClickAsync();
        (await asked.Task).ShouldBe("Stop seen for good?");
        await Expect(page.Phase).ToHaveTextAsync("running");
        page.Asked.ShouldAllBe(static address => !address.AbsolutePath.EndsWith("/stop", StringComparison.Ordinal));
    }
}
