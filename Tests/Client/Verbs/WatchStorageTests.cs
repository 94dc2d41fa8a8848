using Basgd.Client.Tests.Fakes;
using Basgd.Client.Watching;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

/// <summary>What <c>watch</c> does while silos answer that the storage does not.</summary>
public sealed class WatchStorageTests
{
    private const string Refused = "storage does not answer (redis, 127.0.0.1:6379): connection refused";
    private const string Full = "storage is full (redis, 127.0.0.1:6379): OOM";

    private readonly Command command = new();

    private FakeJob Job => command.Cluster.TheJob;

    [Fact]
    public async Task Each_storage_problem_is_one_line()
    {
        Job.Phase = JobPhase.Running;
        Fail(Refused, 10);
        Fail(Full, 10);
        Fail(Refused, 10);
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Done);
        command.Out.Split('\n')[..3].ShouldBe([$"{Refused}; trying again", $"{Full}; trying again", $"{Refused}; trying again"]);
        command.Out.Split('\n').Count(static line => line.Contains("trying again", StringComparison.Ordinal)).ShouldBe(3);
        command.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_waits_for_storage_as_long_as_silos_answer()
    {
        Job.Phase = JobPhase.Running;
        Fail(Refused, 1000);
        (await command.Run("watch", "x", "--json")).ShouldBe(ExitCode.Done);
        command.Time.Elapsed.ShouldBeGreaterThan(StatusReader.SilenceTimeout);
        command.Error.ShouldContain($"{Refused}; trying again");
    }

    [Fact]
    public async Task The_time_without_an_answer_starts_when_silos_fall_silent()
    {
        Job.Phase = JobPhase.Running;
        Fail(Refused, 1000);
        for (var i = 0; i < 10; i++) Job.Trouble.Enqueue(new TimeoutException("no answer"));
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Done);
    }

    private void Fail(string message, int times)
    {
        for (var i = 0; i < times; i++) Job.Trouble.Enqueue(new StorageFailedException(message, StorageCause.Refused));
    }
}
