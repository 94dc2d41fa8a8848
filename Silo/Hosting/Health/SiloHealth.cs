using Basgd.Silo.Storage;

namespace Basgd.Silo.Hosting.Health;

/// <summary>Whether the silo can be given work.</summary>
internal sealed class SiloHealth(IServiceProvider services, IHostApplicationLifetime lifetime)
{
    /// <summary>More askers than one a second share an answer of the storage.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly SiloStorage? storage = services.GetService<SiloStorage>();
    private readonly Lock gate = new();
    private Task<string?>? answer;
    private long asked;

    /// <returns>Null where it is ready.</returns>
    public async Task<string?> WhyNotReady()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "draining";
        if (!lifetime.ApplicationStarted.IsCancellationRequested) return "starting";
        var status = services.GetRequiredService<ISiloStatusOracle>().CurrentStatus;
        if (status != SiloStatus.Active) return $"the cluster knows this silo as {status.ToString().ToLowerInvariant()}";
        return await StorageProblem();
    }

    private Task<string?> StorageProblem()
    {
        lock (gate)
        {
            if (answer is not null && time.GetElapsedTime(asked) < Fresh) return answer;
            asked = time.GetTimestamp();
            return answer = AskStorage();
        }
    }

    private async Task<string?> AskStorage()
    {
        if (storage is null) return null;
        try
        {
            await storage.Blobs.Read("health", 0).WaitAsync(Patience, time);
            return null;
        }
        catch (Exception failure)
        {
            // Whatever it is, the log of the grains that need the storage has it; the answer is for anybody to read.
            return $"storage does not answer ({failure.GetType().Name})";
        }
    }
}
