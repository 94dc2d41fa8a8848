using Basgd.Contracts;
using Basgd.Contracts.Attaching;
using Basgd.Grains;
using Basgd.Silo.Page;

namespace Basgd.Silo.Hosting;

/// <summary>Says where the silo takes clients, from when it does until it ends. Ends an attended silo that nobody needs any more.</summary>
internal sealed partial class Announcer(StateDirectory state, SiloAnnouncement silo, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<Announcer> logger) : IHostedService
{
    private readonly StateShare share = state.Share;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Begin);
        lifetime.ApplicationStopping.Register(Withdraw);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Begin()
    {
        var announced = silo with { Page = services.GetService<PageServer>()?.Address };
        if (silo.Attended)
        {
            _ = Task.Run(() => LiveWhileNeeded(announced));
            return;
        }

        share.Announce(announced);
        Say(announced);
    }

    private async Task LiveWhileNeeded(SiloAnnouncement announced)
    {
        var capacity = services.GetService<WorkerCapacity>();
        var attended = new AttendedSilo(
            share,
            services.GetRequiredService<TimeProvider>(),
            slots => capacity?.Slots = slots,
            async () => [.. (await services.GetRequiredService<IGrainFactory>().GetGrain<IJobDirectoryGrain>(0).List()).Where(static job => job.Phase == JobPhase.Running).Select(static job => job.Name)]);
        try
        {
            var reason = await attended.Run(announced, Say, lifetime.ApplicationStopping);
            LogEnding(reason);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lifetime.StopApplication();
    }

    /// <summary>No client is to find a silo that drains.</summary>
    private void Withdraw()
    {
        try
        {
            share.Withdraw();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotWithdrawn(failure.Message);
        }
    }

    private static void Say(SiloAnnouncement announced) => Output.Write($"ready {announced.ToJson()}");

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo ends: {Reason}")]
    private partial void LogEnding(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The announcement could not be removed ({Reason}); commands may still try to join this silo while it drains")]
    private partial void LogNotWithdrawn(string reason);
}
