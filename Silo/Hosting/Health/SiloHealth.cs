using Basgd.Silo.Storage;

namespace Basgd.Silo.Hosting.Health;

/// <summary>Whether the silo can be given work.</summary>
internal sealed class SiloHealth(IServiceProvider services, IHostApplicationLifetime lifetime)
{
    /// <summary>Requests within this time share an answer of the storage.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly StorageWatch? storage = services.GetService<StorageWatch>();
    private readonly Lock gate = new();
    private Task<string?>? answer;
    private long asked;

    /// <returns>Null if it is ready.</returns>
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

    private async Task<string?> AskStorage() => storage is not null && await storage.Ask() is { } failure ? failure.Message : null;
}
