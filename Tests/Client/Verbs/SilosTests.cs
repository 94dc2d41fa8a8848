using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

public sealed class SilosTests
{
    private readonly Command command = new() { Cluster = new FakeCluster { Phase = JobPhase.Running } };

    public SilosTests()
    {
        command.Cluster.TheJob.Phase = JobPhase.Running;
        command.Cluster.TheJob.Leases = [new LeaseStatus(0, "S10.0.0.2:11111:1", DateTimeOffset.UnixEpoch), new LeaseStatus(1, "S10.0.0.2:11111:1", DateTimeOffset.UnixEpoch)];
    }

    [Fact]
    public async Task Silos_are_listed_with_role_status_and_leases()
    {
        (await command.Run("silos", "--cluster", "redis://:secret@host")).ShouldBe(ExitCode.Done);

        command.Cluster.Opened!.Address.ShouldBe("redis://:secret@host");
        var lines = command.Out.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        lines[1][..4].ShouldBe(["10.0.0.1:30000", "server", "active", "0"]);
        lines[2][..4].ShouldBe(["10.0.0.2:30000", "worker", "joining", "2"]);
    }

    [Fact]
    public async Task As_json_too()
    {
        (await command.Run("silos", "--json")).ShouldBe(ExitCode.Done);

        command.Json[1].GetProperty("role").GetString().ShouldBe("worker");
        command.Json[1].GetProperty("leases").GetInt32().ShouldBe(2);
    }
}
