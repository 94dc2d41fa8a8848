using Microsoft.Playwright;

namespace Basgd.Browser.Tests;

/// <summary>The system's Chromium, started once for all tests. It ends with this process, however that ends.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const float Patience = 30_000;
    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Headless = true, Args = Switches });
    }

    /// <summary>Opens a page as somebody does who was never there before.</summary>
    /// <param name="job">Which job to look at; null for the one that the page chooses.</param>
    internal async Task<LivePage> Open(Uri address, string? job = null, BrowserNewContextOptions? like = null)
    {
        var context = await browser!.NewContextAsync(like);
        context.SetDefaultTimeout(Patience);
        var page = new LivePage(await context.NewPageAsync());
        await page.Page.GotoAsync(job is null ? address.AbsoluteUri : $"{address}#{job}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(static folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("chromium is not on the PATH; run Infra/setup.sh --tests");
}
