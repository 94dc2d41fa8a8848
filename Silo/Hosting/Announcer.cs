using System.Net;
using Basgd.Silo.Page;

namespace Basgd.Silo.Hosting;

/// <summary>Says when the silo takes clients, and stops it when whoever started it is gone.</summary>
internal sealed class Announcer(StateDirectory state, IPEndPoint gateway, PageServer? page, bool exitWithStdin, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => Console.WriteLine($"ready {state.Announce(gateway, page?.Address)}"));
        if (exitWithStdin) new Thread(StopWithStdin) { IsBackground = true, Name = "stdin" }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void StopWithStdin()
    {
        while (Console.In.Read() >= 0)
        {
        }

        lifetime.StopApplication();
    }
}
