using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Contracts.Access;
using Basgd.Tests.Servers;
using Orleans.Runtime;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>A client with the token that may look, and a program of its own: it says to be a grain of the cluster, to which Orleans' gateways object to nothing.</summary>
[Trait("category", "slow")]
public sealed class ForgedSenderTests
{
    [Fact]
    public async Task Who_says_to_be_a_grain_is_asked_for_the_ticket_all_the_same()
    {
        using var state = new StateFolder();
        var gateway = Server.FreePort();
        await using var silo = await Start(["--state", state.Path, "--gateway-port", $"{gateway}"], Tokens);
        await Ask(0, Act, ["submit", .. Job, "1000000", "--state", state.Path]);
        await using var client = await ForgingClient.Connect(gateway, Look);
        var job = client.Grains.GetGrain<ITrainingJobGrain>("guarded");
        var grain = client.Grains.GetGrain<IJobDirectoryGrain>(0).GetGrainId();

        foreach (var ticket in (string[])["", Token.Ticket(Look), Token.Ticket(Wrong)]) await client.Forge(grain, ticket, job.Stop);

        // That it reaches the job at all is seen by the call with the ticket that it cannot have; calls come in in order.
        await client.Forge(grain, Token.Ticket(Act), job.Pause);
        await RunningNoMore(job);
        (await job.GetStatus()).Phase.ShouldBe(JobPhase.Paused);
        silo.Printed.ShouldHaveNoSecret();
    }

    [Fact]
    public async Task Who_may_look_is_refused_what_Orleans_itself_would_answer()
    {
        using var state = new StateFolder();
        var gateway = Server.FreePort();
        await using var silo = await Start(["--state", state.Path, "--gateway-port", $"{gateway}"], Tokens);
        await using var client = await ForgingClient.Connect(gateway, Look);

        (await client.Grains.GetGrain<ISiloDirectoryGrain>(0).List()).Count.ShouldBe(1);
        var management = client.Grains.GetGrain<IManagementGrain>(0);
        (await Should.ThrowAsync<AccessRefusedException>(() => management.ForceActivationCollection(TimeSpan.Zero))).Message.ShouldContain("is for those who may act");
        (await Should.ThrowAsync<AccessRefusedException>(() => management.GetHosts(onlyActive: true))).Message.ShouldContain("is for those who may act");
    }

    private static async Task RunningNoMore(ITrainingJobGrain job)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await job.GetStatus()).Phase == JobPhase.Running) await look.WaitForNextTickAsync(limit.Token);
    }
}
