using Basgd.Contracts;
using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>A silo in this process that also knows the workload of <see cref="LeastSquares"/>. Disposing drains it.</summary>
internal sealed class RunningSilo(IHost host) : IAsyncDisposable
{
    /// <summary>Ends a test that would hang; nothing is measured by it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => host.Services;

    /// <summary>As in <see cref="LeaseStatus.Silo"/>.</summary>
    public string Address => host.Services.GetRequiredService<Orleans.Runtime.ILocalSiloDetails>().SiloAddress.ToString();

    public static Task<RunningSilo> Start(params string[] args) => Start(static _ => { }, args);

    public static async Task<RunningSilo> Start(Action<IServiceCollection> configure, params string[] args)
    {
        var host = SiloHost.Build(args, services =>
        {
            services.AddWorkload<LeastSquares>();
            configure(services);
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningSilo(host);
    }

    public async Task<ITrainingJobGrain> Submit(JobSpec spec)
    {
        var job = Job(spec.EffectiveName);
        await job.Submit(spec);
        return job;
    }

    public ITrainingJobGrain Job(string name) => Grains.GetGrain<ITrainingJobGrain>(name);

    public async Task<JobStatus> Until(ITrainingJobGrain job, Func<JobStatus, bool> condition)
    {
        JobStatus? status = null;
        try
        {
            await Until(async () =>
            {
                status = await job.GetStatus();
                if (condition(status)) return true;
                status.Phase.ShouldNotBe(JobPhase.Failed, status.Message);
                return false;
            });
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"not so within {Patience}: {status}; suspicion {string.Join(" ", status?.Suspicion ?? [])}; in quarantine {string.Join(" ", status?.Quarantined ?? [])}");
        }

        return status!;
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition()) await look.WaitForNextTickAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
