using System.ComponentModel;
using System.Reflection;
using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

/// <summary>Whatever happens, a verb ends with a line and an exit code.</summary>
public sealed class UnexpectedTests
{
    public static TheoryData<string> Verbs => new(
        "status", "status one", "pause one", "resume one", "stop one", "lift one 0", "evaluate one", "export one --to one.npz", "silos", "models", "datasets",
        "submit", "train", "watch one", "verify one");

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task An_error_of_a_foreign_kind_is_one_line(string verb)
    {
        var foreign = new TypeLoadException("Could not load type 'Azure.RequestFailedException'.\n   at somewhere");
        var command = new Command { Cluster = new FakeCluster { Unreachable = foreign } };
        (await command.Run([.. verb.Split(' '), "--json"])).ShouldBe(ExitCode.Failed);
        command.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("Azure.RequestFailedException");
        command.Json.GetProperty("error").GetString().ShouldBe(command.Error.Trim());
    }

    /// <summary>All but <c>watch</c>, which waits (<see cref="WatchStorageTests"/>).</summary>
    public static TheoryData<string> VerbsThatEnd => new(
        "status", "status one", "pause one", "resume one", "stop one", "lift one 0", "evaluate one", "export one --to one.npz", "silos", "models", "datasets",
        "submit", "train", "verify one");

    [Theory]
    [MemberData(nameof(VerbsThatEnd))]
    public async Task Dead_storage_is_one_line(string verb)
    {
        var command = new Command();
        command.Cluster.TheJob.Phase = JobPhase.Running;
        command.Cluster.TheJob.Dead = new StorageFailedException("storage does not answer (redis, 127.0.0.1:6379): connection refused", StorageCause.Refused);
        (await command.Run([.. verb.Split(' '), "--json"])).ShouldBe(ExitCode.Failed);
        command.Error.Trim().Split('\n')[^1].ShouldBe(command.Cluster.TheJob.Dead.Message);
        command.Error.ShouldNotContain("Exception");
        command.Json.GetProperty("error").GetString().ShouldBe(command.Cluster.TheJob.Dead.Message);
    }

    public static TheoryData<string, string> Kinds => new()
    {
        { nameof(InsufficientMemoryException), "out of memory: this needs more memory than there is" },
        { nameof(Win32Exception), "out of memory: this needs more memory than there is" },
        { nameof(InvalidCastException), "[InvalidCastException]; BASGD_DEBUG=1 shows all of it" },
        { nameof(AggregateException), "nobody there" },
        { nameof(TaskCanceledException), "there was no answer in time" },
        { nameof(TargetInvocationException), "inside" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Any_exception_is_a_failure_in_one_line(string kind, string said)
    {
        Exception failure = kind switch
        {
            nameof(InsufficientMemoryException) => new InsufficientMemoryException(),
            nameof(Win32Exception) => new Win32Exception(0, "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory.\nmore"),
            nameof(InvalidCastException) => new InvalidCastException("nothing there\nat all"),
            nameof(AggregateException) => new AggregateException(new AggregateException(new ClusterException("nobody there"))),
            nameof(TaskCanceledException) => new TaskCanceledException("A task was canceled."),
            _ => new TargetInvocationException(new ArgumentException("inside")),
        };
        var command = new Command { Cluster = new FakeCluster { Unreachable = failure } };
        (await command.Run("status")).ShouldBe(ExitCode.Failed);
        command.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(said);
    }

    [Theory]
    [InlineData("status|--state|", "state = : must not be empty")]
    [InlineData("status|--data|", "data = : must not be empty")]
    [InlineData("status|--token-file|", "token-file = : must not be empty")]
    [InlineData("status|", "NAME = : must not be empty")]
    [InlineData("train|", "spec.yaml = : must not be empty")]
    [InlineData("train|--attack|", "attack = : must not be empty")]
    public async Task An_empty_value_is_refused_by_name(string line, string problem)
    {
        var command = new Command();
        (await command.Run([.. line.Split('|'), "--json"])).ShouldBe(ExitCode.WrongUse);
        command.Json.GetProperty("error").GetString()!.ShouldContain(problem);
        command.Cluster.Opened.ShouldBeNull();
    }

    [Fact]
    public async Task Each_of_many_unknown_keys_is_one_line()
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write("many.yaml", string.Concat(Enumerable.Range(0, 500).Select(static key => $"unknown{key}: 1\n")));
        var command = new Command();
        (await command.Run("submit", spec)).ShouldBe(ExitCode.WrongUse);
        command.Error.Trim().Split('\n').Count(static line => line.Contains("unknown field", StringComparison.Ordinal)).ShouldBe(500);
        command.Error.Trim().Split('\n').Length.ShouldBe(500);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_written_is_a_failure_in_one_line()
    {
        using var error = new StringWriter();
        var terminal = Terminal.Of(TextReader.Null, new FullWriter(), error);
        (await new Cli(new Context(terminal, new FakeCluster(), TimeProvider.System, CancellationToken.None)).Run(["status", "--json"])).ShouldBe(ExitCode.Failed);
        error.ToString().Trim().ShouldBe("No space left on device");
    }

    [Fact]
    public async Task An_error_that_cannot_be_written_keeps_its_exit_code()
    {
        var terminal = Terminal.Of(TextReader.Null, new FullWriter(), new FullWriter());
        (await new Cli(new Context(terminal, new FakeCluster(), TimeProvider.System, CancellationToken.None)).Run(["status", "--state", "", "--json"])).ShouldBe(ExitCode.WrongUse);
    }

    /// <summary>/dev/full.</summary>
    private sealed class FullWriter : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");

        public override void Write(char[] buffer, int index, int count) => throw new IOException("No space left on device");
    }
}
