using Basgd.Contracts.Connections;

namespace Basgd.Silo.Hosting.Checks;

/// <summary>
/// Before the silo registers: the silos that run must let it in. One that registers and is not let in fails their probes and
/// theirs fail its own, until one side is declared dead.
/// </summary>
internal sealed partial class JoinGate(SiloSettings settings, ILogger<JoinGate> logger) : IHostedService
{
    /// <summary>If the registry is slow, the silo starts and says so itself.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    /// <exception cref="ConnectionRefusedException">A silo does not let this one in.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await JoinCheck.Run(settings).WaitAsync(Timeout, cancellationToken);
        }
        catch (Exception failure) when (failure is not ConnectionRefusedException and not OperationCanceledException)
        {
            LogUnknown(failure);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cannot find out whether the running silos let this one in. Starting.")]
    private partial void LogUnknown(Exception failure);
}
