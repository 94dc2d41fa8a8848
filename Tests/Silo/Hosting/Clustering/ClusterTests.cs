using Basgd.Contracts;
using Basgd.Grains;
using Basgd.Silo.Hosting;
using Basgd.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Basgd.Silo.Tests.Hosting.Clustering;

/// <summary>Silos with roles that find each other through a real server and keep their state in it.</summary>
public abstract class ClusterTests(string provider, string connection, string connectionOption, string password) : IDisposable
{
    private static readonly JobSpec Endless = LeastSquares.Job("endless") with { Steps = 1_000_000 };

    /// <summary>A cluster of its own for each test.</summary>
    private readonly string id = $"test{Guid.NewGuid():N}";
    private readonly TemporaryDirectory directory = new();
    private int started;

    public void Dispose()
    {
        directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Each_grain_is_on_a_silo_of_its_role_and_the_job_is_done()
    {
        await using var server = await Start(SiloRole.Server);
        await using var worker = await Start(SiloRole.Worker);
        var job = await Submit(server, Endless with { Name = "done", Steps = 50 });
        await server.Until(job, static status => status.Phase == JobPhase.Completed);

        var placed = await server.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        var ours = placed.Where(static entry => entry.GrainType.Contains("Basgd.Grains")).ToList();
        ours.Where(entry => entry.SiloAddress.ToString() == server.Address).Select(Name)
            .ShouldBe(["BufferGrain", "JobDirectoryGrain", "ModelGrain", "SiloDirectoryGrain", "TrainingJobGrain"], ignoreOrder: true);
        ours.Where(entry => entry.SiloAddress.ToString() == worker.Address).Select(Name).ShouldBeSubsetOf(["ModelCacheGrain", "WorkerGrain", "WorkloadGrain"]);

        static string Name(SimpleGrainStatistic entry) => entry.GrainType.Split(',')[0].Split('.')[^1];
    }

    [Fact]
    public async Task The_silos_and_their_roles_are_listed()
    {
        await using var server = await Start(SiloRole.Server);
        await using var worker = await Start(SiloRole.Worker);

        await RunningSilo.Until(async () =>
        {
            var silos = await server.Grains.GetGrain<ISiloDirectoryGrain>(0).List();
            return silos.Select(static silo => (silo.Address, silo.Role, silo.Status)).ToHashSet().SetEquals([(server.Address, "server", "active"), (worker.Address, "worker", "active")]);
        });
    }

    [Fact]
    public async Task A_worker_silo_added_takes_leases_and_one_that_leaves_hands_them_back()
    {
        await using var server = await Start(SiloRole.Server);
        await using var first = await Start(SiloRole.Worker);
        var job = await Submit(server, Endless with { Workers = 8 });
        await server.Until(job, static status => status.Leases.Count > 0);

        var second = await Start(SiloRole.Worker);
        await server.Until(job, status => status.Leases.Any(lease => lease.Silo == second.Address));
        var gone = second.Address;
        await second.DisposeAsync();

        (await job.GetStatus()).Leases.ShouldNotContain(lease => lease.Silo == gone);
        var step = (await job.GetStatus()).Version.Step;
        await server.Until(job, status => status.Version.Step > step + 5);
        await job.Stop();
    }

    [Fact]
    public async Task A_worker_silo_that_is_there_first_waits_for_a_server()
    {
        var log = new LoggedText();
        await using var worker = await Start(SiloRole.Worker, services => services.AddLogging(logging => logging.AddProvider(log).AddFilter<LoggedText>("Basgd", LogLevel.Warning)));
        await using var server = await Start(SiloRole.Server);
        var job = await Submit(server, Endless);
        log.ToString().Trim().ShouldBe("No server silo has joined yet. Retrying.");
        await server.Until(job, status => status.Version.Step > 5);
        await job.Stop();
    }

    [Fact]
    public async Task A_server_silo_that_takes_over_goes_on_with_the_stored_state()
    {
        ModelVersion before;
        await using (var first = await Start(SiloRole.All))
        {
            var job = await first.Submit(Endless);
            await first.Until(job, static status => status.Version.Step > 10);
            await job.Pause();
            before = (await job.GetStatus()).Version;
        }

        await using var second = await Start(SiloRole.All);
        var found = second.Job("endless");
        (await found.GetStatus()).Version.ShouldBe(before);
        await found.Resume();
        await second.Until(found, status => status.Version.Step > before.Step + 10);
        await found.Stop();
    }

    [Fact]
    public async Task No_password_is_logged_whatever_is_logged()
    {
        var log = new LoggedText();
        await using (await Start(SiloRole.All, services => services.AddLogging(logging => logging.AddProvider(log).AddFilter<LoggedText>(null, LogLevel.Trace))))
        {
        }

        log.ToString().ShouldContain("Silo");
        log.ToString().ShouldNotContain(password);
    }

    /// <summary>Until a worker silo has joined a job is refused, and says so.</summary>
    private static async Task<ITrainingJobGrain> Submit(RunningSilo server, JobSpec spec)
    {
        await RunningSilo.Until(async () =>
        {
            try
            {
                await server.Submit(spec);
                return true;
            }
            catch (JobRefusedException refusal) when (refusal.Message.Contains("no silo of the cluster computes yet"))
            {
                return false;
            }
        });
        return server.Job(spec.EffectiveName);
    }

    private Task<RunningSilo> Start(string role, Action<IServiceCollection>? configure = null) => RunningSilo.Start(
        configure ?? (static _ => { }),
        "--state", Path.Combine(directory.Path, $"{started++}"), "--role", role, "--slots", "4",
        "--cluster", provider, $"--Basgd:Cluster:Connection={connection}", "--cluster-id", id,
        "--storage", provider, $"--Basgd:Storage:{connectionOption}={connection}", provider == "redis" ? $"--Basgd:Storage:Redis:KeyPrefix={id}" : $"--Basgd:Storage:Postgres:Table={id}");
}

[Trait("category", "slow")]
public sealed class RedisClusterTests(RedisServer server) : ClusterTests("redis", server.Address, "Redis:Connection", server.Password), IClassFixture<RedisServer>;

[Trait("category", "slow")]
public sealed class PostgresClusterTests(PostgresServer server) : ClusterTests("postgres", server.Address, "Postgres:Connection", server.Password), IClassFixture<PostgresServer>;
