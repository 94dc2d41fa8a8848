using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Browser.Tests;

/// <summary>A real silo with a page and a token, and jobs that run on it until somebody stops them.</summary>
[CollectionDefinition]
public sealed class RunningJob : ICollectionFixture<RunningJob>, IAsyncLifetime
{
    public const string Token = "whoever has this may act";

    /// <summary>The job that is there from the start; leave it running.</summary>
    public const string Name = "seen";

    private readonly StateFolder state = new();
    private SiloProcess? silo;

    public Uri Page => silo!.Page!;

    /// <summary>Eight workers of which two are hostile, five buffers, a learning rate that changes at once, and no end.</summary>
    public static JobSpec Spec(string name) => new()
    {
        Name = name, Model = "softmax", Dataset = "synthetic", Workers = 8, Byzantine = 2, Attack = "negative-gradient(k=10)", Buffers = 5,
        LearningRate = 0.05, DecayFactor = 0.5, DecayAtEpochs = [1], Steps = 100_000_000, EvaluateEverySeconds = 1,
    };

    /// <summary>One lane leaves the browser a core.</summary>
    public static IReadOnlyList<string> Arguments(string port = "8080") => ["--page-port", port, "--Basgd:Page:OrAnyPort=true", "--lanes", "1"];

    public async ValueTask InitializeAsync()
    {
        silo = await SiloProcess.Start(state.Path, Arguments(), new Dictionary<string, string> { ["Basgd__Page__Token"] = Token });
        await Submit(Name);
    }

    public async Task<ITrainingJobGrain> Submit(string name)
    {
        var job = silo!.Job(name);
        await job.Submit(Spec(name));
        return job;
    }

    public async ValueTask DisposeAsync()
    {
        if (silo is not null) await silo.DisposeAsync();
        state.Dispose();
    }
}
