using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>The page is for everybody: on a phone, without a mouse, in light and dark, read aloud.</summary>
[Trait("category", "slow"), Collection<RunningJob>]
public sealed class AccessibilityTests(Chromium chromium, RunningJob job)
{
    private static readonly BrowserNewContextOptions Phone = new() { ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true, DeviceScaleFactor = 2 };

    /// <summary>Whatever somebody can act upon: of radio buttons the chosen one, as the arrow keys reach the others.</summary>
    private const string Actionable =
        "() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !(e.type === 'radio' && !e.checked))";

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, false)]
    public async Task Axe_finds_nothing(ColorScheme scheme, bool onPhone)
    {
        await using var page = await Open(onPhone ? new(Phone) { ColorScheme = scheme } : new() { ColorScheme = scheme });
        await page.Page.GetByText("Spec", new() { Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("#buffers .far").First).ToBeVisibleAsync();

        var found = await page.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });

        found.Passes.Length.ShouldBeGreaterThan(15);
        found.Violations.SelectMany(static rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html}: {string.Join("; ", node.Any.Select(static check => check.Message))}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_phone_shows_all_of_it_without_scrolling_sideways()
    {
        await using var page = await Open(Phone);
        await page.Page.GetByText("Spec", new() { Exact = true }).ClickAsync();

        (await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(390);
        // Wide tables scroll within themselves.
        (await page.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll *') && e.checkVisibility() && e.getBoundingClientRect().right > 390.5).map(e => e.outerHTML.slice(0, 99))")).ShouldBeEmpty();
        (await page.Page.EvaluateAsync<double>("() => Math.min(...[...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize)))")).ShouldBeGreaterThanOrEqualTo(12);
        (await page.Chart("loss").BoundingBoxAsync())!.Width.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task A_chart_follows_the_width_of_the_window()
    {
        await using var page = await Open(new());
        await page.Page.SetViewportSizeAsync(390, 844);
        await page.Page.WaitForFunctionAsync("() => document.querySelector('#loss .uplot').offsetWidth <= 390");
        (await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(390);
    }

    [Fact]
    public async Task Tab_reaches_whatever_acts_in_order_and_shows_where_it_is()
    {
        await using var page = await Open(new());
        var expected = await page.Page.EvaluateAsync<int>($"() => {{ window.expected = ({Actionable})(); return expected.length; }}");
        expected.ShouldBeGreaterThan(15);

        for (var i = 0; i < expected; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            (await page.Page.EvaluateAsync<string>("i => document.activeElement === expected[i] ? 'as expected' : `${document.activeElement.outerHTML} instead of ${expected[i].outerHTML}`", i)).ShouldBe("as expected");
            (await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle")).ShouldNotBe("none", await page.Page.EvaluateAsync<string>("() => document.activeElement.outerHTML"));
        }
    }

    [Fact]
    public async Task The_keyboard_alone_does_it_all()
    {
        var mine = await job.Submit("typed");
        await using var page = await chromium.Open(job.Page, "typed");
        await Expect(page.Workers).ToHaveCountAsync(8);
        var keys = page.Page.Keyboard;

        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(page.Page.Locator("#main")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("ArrowRight");
        await Expect(page.Page.GetByLabel("time")).ToBeCheckedAsync();

        await page.Button("accepted").FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "accepted" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.Button("accepted")).ToBeFocusedAsync();

        await page.Token.FocusAsync();
        await keys.TypeAsync(RunningJob.Token);
        await keys.PressAsync("Enter");
        await Expect(page.Acted).ToBeEmptyAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await Expect(page.Button("Pause")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Phase).ToHaveTextAsync("paused");

        await page.Page.Locator("#job").FocusAsync();
        await keys.TypeAsync(RunningJob.Name);
        await Expect(page.Phase).ToHaveTextAsync("running");
        await mine.Stop();
    }

    [Theory]
    [InlineData(ColorScheme.Light, "light", "dark")]
    [InlineData(ColorScheme.Dark, "dark", "light")]
    public async Task It_is_light_or_dark_as_the_system_is_until_somebody_chooses(ColorScheme scheme, string first, string other)
    {
        await using var page = await Open(new() { ColorScheme = scheme });
        await HasGround(page, first);
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme == ColorScheme.Light ? ColorScheme.Dark : ColorScheme.Light });
        await HasGround(page, other);
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });

        await page.Page.Locator("#theme").ClickAsync();
        await HasGround(page, other);
        await page.Page.ReloadAsync();
        await Expect(page.Workers).ToHaveCountAsync(8);
        await HasGround(page, other);
    }

    private async Task<LivePage> Open(BrowserNewContextOptions like)
    {
        var page = await chromium.Open(job.Page, RunningJob.Name, like);
        await Expect(page.Workers).ToHaveCountAsync(8);
        await Expect(page.Chart("accuracy").Locator("canvas")).ToBeVisibleAsync();
        await Expect(page.Button("Pause")).ToBeEnabledAsync();
        return page;
    }

    private static async Task HasGround(LivePage page, string tone) =>
        await page.Page.WaitForFunctionAsync("tone => tone === (getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).every(part => part < 128) ? 'dark' : 'light')", tone);
}
