using Basgd.Contracts.Connections;

namespace Basgd.Silo.Hosting.Checks;

/// <summary>
/// Before the silo registers: the silos that run must let it in. One that registers and is not let in fails their probes and
/// theirs fail its own, until one side is declared dead.
/// </summary>
internal sealed partial class JoinGate(SiloSettings settings, ILogger<JoinGate> logger) : IHostedService
{
    /// <summary>If the registry is slow, the silo starts and says so itself.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    /// <exception cref="ConnectionRefusedException">A silo does not let this one in.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            await JoinCheck.Run(settings, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception failure) when (failure is not ConnectionRefusedException && !cancellationToken.IsCancellationRequested)
        {
            LogUnknown(failure);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cannot find out whether the running silos let this one in. Starting.")]
    private partial void LogUnknown(Exception failure);
}
