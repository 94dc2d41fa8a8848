using System.Net.Sockets;
using Basgd.Contracts;
using Basgd.Silo.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Basgd.Silo.Tests.Storage;

/// <summary>A silo knows soon that its storage does not answer, whatever the library below does meanwhile.</summary>
public sealed class StorageWatchTests : IDisposable
{
    private static readonly SocketException Refused = new((int)SocketError.ConnectionRefused);
    private static readonly IOException Full = new("No space left on device", 28);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider time = new();
    private readonly LogLines log = new();
    private readonly LoggerFactory loggers;
    private readonly StorageWatch watch;
    private Func<Task> probe = static () => Task.CompletedTask;

    public StorageWatchTests()
    {
        loggers = new LoggerFactory([log]);
        watch = new StorageWatch(new StorageTarget("file", "/state", []), () => probe(), time, loggers.CreateLogger<StorageWatch>());
    }

    public void Dispose() => loggers.Dispose();

    [Fact]
    public async Task A_read_that_hangs_is_given_up_within_five_seconds()
    {
        probe = static () => throw Refused;

        var read = watch.Read(static () => new TaskCompletionSource().Task);
        await Until(() => read.IsCompleted, Soon);

        (await Should.ThrowAsync<StorageFailedException>(() => read)).Message.ShouldBe("storage does not answer (file, /state): connection refused");
        watch.Problem.ShouldBe("storage does not answer (file, /state): connection refused");
        watch.Lost.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_that_hangs_is_waited_for_and_told_within_five_seconds()
    {
        probe = static () => new TaskCompletionSource().Task;
        var writing = new TaskCompletionSource();

        var write = watch.Write(() => writing.Task);
        await Until(() => watch.Problem is not null, Soon);

        watch.Problem.ShouldBe("storage does not answer (file, /state): no answer within 1.5 s");
        write.IsCompleted.ShouldBeFalse();
        writing.SetResult();
        await write;
        watch.Problem.ShouldBeNull();
        watch.Lost.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_large_state_may_take_long()
    {
        var writing = new TaskCompletionSource();
        var write = watch.Write(() => writing.Task);

        await Until(static () => false, TimeSpan.FromSeconds(20));

        watch.Problem.ShouldBeNull();
        writing.SetResult();
        await write;
    }

    [Fact]
    public async Task Storage_that_is_lost_is_asked_until_it_answers()
    {
        probe = static () => throw Refused;
        await Should.ThrowAsync<StorageFailedException>(() => watch.Write(static () => throw Refused));
        await Until(static () => false, TimeSpan.FromSeconds(10));
        watch.Problem.ShouldNotBeNull();

        probe = static () => Task.CompletedTask;
        await Until(() => watch.Problem is null, Soon);

        watch.Lost.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Storage_that_is_full_can_be_read_and_stays_full_until_something_is_written()
    {
        await Should.ThrowAsync<StorageFailedException>(() => watch.Write(static () => throw Full));
        await watch.Read(static () => Task.CompletedTask);

        watch.Problem.ShouldBe("storage is full (file, /state): no space left on device");
        watch.Lost.IsCompleted.ShouldBeFalse("it answers");

        await watch.Write(static () => Task.CompletedTask);
        watch.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task What_concerns_one_state_is_no_problem_of_the_storage()
    {
        Exception[] failures = [new InvalidDataException("none is whole"), new BlobConflictException("a", "1", "2"), new BlobTooLargeException("a", 2, "Redis", 1), new OrleansException("a is too large", new BlobTooLargeException("a", 2, "Redis", 1))];
        foreach (var failure in failures) await Should.ThrowAsync<StorageFailedException>(() => watch.Write(() => throw failure));

        watch.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task An_idle_storage_is_asked_when_something_depends_on_it()
    {
        probe = static () => throw Refused;
        watch.Check();
        watch.Problem.ShouldBeNull("something was heard of it just now");

        await Until(() => { watch.Check(); return watch.Problem is not null; }, Soon);
    }

    [Fact]
    public async Task It_is_logged_in_one_short_line_and_less_and_less_often()
    {
        for (var i = 0; i < 20; i++) await Should.ThrowAsync<StorageFailedException>(() => watch.Write(static () => throw Full));

        log.Lines.ShouldBe(((int[])[1, 2, 4, 8, 16]).Select(static times => $"storage is full (file, /state): no space left on device ({times} failures). Retrying."));
    }

    /// <summary>Lets time pass until it is so, or for so long.</summary>
    private async Task Until(Func<bool> condition, TimeSpan limit)
    {
        for (var end = time.GetUtcNow() + limit; time.GetUtcNow() < end && !condition(); time.Advance(TimeSpan.FromMilliseconds(250)))
            for (var i = 0; i < 5; i++) await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
