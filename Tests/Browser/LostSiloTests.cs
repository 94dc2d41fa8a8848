using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>One of several silos is killed while somebody looks.</summary>
[Trait("category", "slow")]
public sealed class LostSiloTests(Chromium chromium)
{
    [Fact]
    public async Task What_failed_when_and_what_came_of_it_is_seen()
    {
        await using var cluster = await LostSilo.Start(LostSilo.Spec("bereft"));
        await using var page = await chromium.Open(cluster.Page);
        await Expect(page.Silos).ToHaveCountAsync(3);
        await Expect(page.Silos.Filter(new() { HasText = "server" })).ToContainTextAsync("model, 4 buffers");
        await Expect(page.Buffers).ToHaveCountAsync(LostSilo.Buffers);

        await cluster.Lose();

        await Expect(page.Silos.Filter(new() { HasText = "dead, heard" })).ToContainTextAsync("worker");
        await Expect(page.Buffers).ToHaveCountAsync(LostSilo.Buffers - 1);
        await Expect(page.Marks("loss", "reassignment").Last).ToHaveTextAsync("⇄");
        await Expect(page.Events.First).ToContainTextAsync("workers were spread anew over 3 buffers");
        await Expect(page.Workers.Filter(new() { HasText = "127.0.0.1:" })).ToHaveCountAsync(3);
        var step = await page.Fact("step").TextContentAsync();
        await Expect(page.Fact("step")).Not.ToHaveTextAsync(step!);
    }
}
