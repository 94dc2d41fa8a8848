using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Basgd.Browser.Tests;

/// <summary>Takes the pictures of the page that the documentation shows, into docs/images; how to ask for it is in the README of this folder.</summary>
[Trait("category", "slow")]
public sealed class Pictures(Chromium chromium)
{
    private const int MostBytes = 300_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private static readonly JobSpec Spec = new()
    {
        Name = "fashion-mnist", Workers = 10, Buffers = 10, Tolerate = 3, WorkerMomentum = 0.9, LearningRate = 0.15, DecayFactor = 0.3, DecayAtEpochs = [3, 4.5],
        WeightDecay = 0.002, Epochs = 7, EvaluateEverySeconds = 2,
    };

    [Fact(Explicit = true)]
    public Task A_job_that_runs() => Take("running", Spec with { Rule = "trimmed-mean" });

    [Fact(Explicit = true)]
    public Task A_job_under_attack() => Take("under-attack", Spec with { Byzantine = 3, Attack = "negative-gradient(k=10)" });

    [Fact(Explicit = true)]
    public async Task A_silo_that_is_lost()
    {
        var spec = LostSilo.Spec(Spec.EffectiveName) with { Model = Spec.Model, Dataset = Spec.Dataset, WorkerMomentum = Spec.WorkerMomentum, LearningRate = Spec.LearningRate, Steps = null, Epochs = 6, ReassignAfterSeconds = 5, EvaluateEverySeconds = 2 };
        await using var cluster = await LostSilo.Start(spec);
        await cluster.Server.Until(spec.EffectiveName, static status => status.Progress > 0.4, Limit);
        await using var page = await chromium.Open(cluster.Page, like: Window(ColorScheme.Dark));
        await Expect(page.Silos).ToHaveCountAsync(3);
        await cluster.Lose();
        await cluster.Server.Until(spec.EffectiveName, static status => status.Reassignments > 0 && status.Progress > 0.7, Limit);
        await Expect(page.Silos.Filter(new() { HasText = "dead, heard" })).ToHaveCountAsync(1);
        await Expect(page.Marks("loss", "reassignment").Last).ToBeVisibleAsync();
        await Save(page, "silo-lost");
    }

    private async Task Take(string name, JobSpec spec)
    {
        using var state = new StateFolder();
        await using var silo = await SiloProcess.Start(state.Path, ["--page-port", "8080", "--Basgd:Page:OrAnyPort=true"], new Dictionary<string, string> { ["Basgd__Page__Token"] = RunningJob.Token });
        await silo.Job(spec.EffectiveName).Submit(spec);
        await silo.Until(spec.EffectiveName, static status => status.Progress > 0.1, Limit);
        await using var page = await chromium.Open(silo.Page!, like: Window(ColorScheme.Light));
        await silo.Until(spec.EffectiveName, static status => status.Progress > 0.75, Limit);
        await Expect(page.Marks("loss", "learningRate")).ToHaveCountAsync(2);
        if (spec.Byzantine > 0) await Expect(page.Page.Locator("#buffers .far")).ToHaveCountAsync(spec.Byzantine);
        await Save(page, name);
    }

    private static BrowserNewContextOptions Window(ColorScheme scheme) => new() { ViewportSize = new() { Width = 1180, Height = 900 }, ColorScheme = scheme };

    private static async Task Save(LivePage page, string name)
    {
        var picture = await page.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.PathOf(Path.Combine("docs", "images", $"{name}.png")) });
        picture.Length.ShouldBeLessThan(MostBytes);
    }
}
