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
        lines[1][4..6].ShouldBe(["-", "-"]);
        lines[2][4..6].ShouldBe(["2/64", "cpu,cuda:0"]);
    }

    [Fact]
    public async Task Silos_that_cannot_run_a_job_are_named_with_the_reason()
    {
        command.Cluster.TheJob.Obstacles = [new SiloObstacle("S10.0.0.2:11111:1", "it does not know model = mine")];
        await command.Run("silos");
        command.Out.ShouldContain("silo 10.0.0.2:30000 cannot run lenet5-fashion-mnist: it does not know model = mine");

        await command.Run("silos", "--json");
        command.Json[1].GetProperty("cannotRun")[0].GetProperty("reason").GetString().ShouldBe("it does not know model = mine");
        command.Json[0].GetProperty("cannotRun").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task As_json_too()
    {
        (await command.Run("silos", "--json")).ShouldBe(ExitCode.Done);

        command.Json[1].GetProperty("role").GetString().ShouldBe("worker");
        command.Json[1].GetProperty("leases").GetInt32().ShouldBe(2);
        command.Json[1].GetProperty("slots").GetInt32().ShouldBe(64);
        command.Json[1].GetProperty("devices")[1].GetString().ShouldBe("cuda:0");
        command.Json[1].TryGetProperty("shownSlots", out _).ShouldBeFalse();
    }
}
