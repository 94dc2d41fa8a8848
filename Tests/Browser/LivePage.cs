using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Basgd.Browser.Tests;

/// <summary>The live page in a tab of its own, where to find things on it, and what it did.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    public LivePage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Asked.Enqueue(new Uri(request.Url));
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Every address that was asked for anything.</summary>
    public ConcurrentQueue<Uri> Asked { get; } = new();

    /// <summary>Errors and warnings of the browser.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public ILocator Phase => Page.Locator("#phase");

    public ILocator Trouble => Page.GetByRole(AriaRole.Alert);

    public ILocator Buffers => Page.Locator("#buffers li");

    public ILocator Workers => Page.Locator("#workers tbody tr");

    public ILocator Silos => Page.Locator("#silos tbody tr");

    public ILocator Events => Page.Locator("#events li");

    public ILocator Token => Page.GetByLabel("Token");

    /// <summary>What came of pressing a button.</summary>
    public ILocator Acted => Page.Locator("#acted");

    /// <summary>One of the numbers at the top.</summary>
    public ILocator Fact(string label) => Page.Locator("#facts div", new() { Has = Page.GetByText(label, new() { Exact = true }) }).Locator("dd");

    /// <param name="name">loss or accuracy. Its label has the newest values.</param>
    public ILocator Chart(string name) => Page.Locator($"#{name} .chart");

    /// <summary>Lines on a chart where something happened.</summary>
    /// <param name="kind">As in <see cref="Basgd.Contracts.JobEventKind"/>, in lower camel case.</param>
    public ILocator Marks(string chart, string kind) => Chart(chart).Locator($".mark[data-kind={kind}]");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
