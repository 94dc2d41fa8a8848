using System.Net;
using System.Net.Sockets;
using Azure;
using Basgd.Contracts;
using Basgd.Silo.Hosting;
using Basgd.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using StackExchange.Redis;

#pragma warning disable CS0618 // The newer constructors ask for what a test does not know.

namespace Basgd.Silo.Tests.Storage;

/// <summary>What the libraries of storages throw, as everybody else hears of it.</summary>
public sealed class StorageFailuresTests
{
    private static readonly SocketException Refused = new((int)SocketError.ConnectionRefused);
    private static readonly StorageTarget Redis = new("redis", "localhost:6379", [new DnsEndPoint("localhost", 6379)]);

    public static TheoryData<Exception, string, string> Failures => new()
    {
        { new RequestFailedException(403, "Forbidden\nheaders"), StorageCause.Access, "storage refuses access (redis, localhost:6379): forbidden" },
        { new RequestFailedException(503, "Server busy"), StorageCause.Refused, "storage does not answer (redis, localhost:6379): server busy" },
        { new RequestFailedException(507, "Out of room"), StorageCause.Full, "storage is full (redis, localhost:6379): out of room" },
        { new AggregateException("Retry failed after 4 tries.", new RequestFailedException("gone", new HttpRequestException("Connection refused (127.0.0.1:1)", Refused))), StorageCause.Refused, "storage does not answer (redis, localhost:6379): connection refused (127.0.0.1:1)" },
        { new NpgsqlException("Failed to connect to 127.0.0.1:1", Refused), StorageCause.Refused, "storage does not answer (redis, localhost:6379): connection refused" },
        { new NpgsqlException("Exception while reading from stream", new TimeoutException("Timeout during reading attempt")), StorageCause.Timeout, "storage does not answer (redis, localhost:6379): timeout during reading attempt" },
        { new PostgresException("disk full", "ERROR", "ERROR", "53100"), StorageCause.Full, "storage is full (redis, localhost:6379): 53100: disk full" },
        { new PostgresException("no such password", "FATAL", "FATAL", "28P01"), StorageCause.Access, "storage refuses access (redis, localhost:6379): 28P01: no such password" },
        { new RedisTimeoutException("The message timed out in the backlog, command=HGET, inst: 0, qu: 1", CommandStatus.Unknown), StorageCause.Timeout, "storage does not answer (redis, localhost:6379): no answer in time" },
        { new RedisConnectionException(ConnectionFailureType.SocketClosed, "SocketClosed on localhost:6379, idle: 0s"), StorageCause.Refused, "storage does not answer (redis, localhost:6379): the connection is lost" },
        { new RedisServerException("OOM command not allowed when used memory > 'maxmemory'."), StorageCause.Full, "storage is full (redis, localhost:6379): OOM command not allowed when used memory > 'maxmemory'" },
        { new RedisServerException("NOAUTH Authentication required."), StorageCause.Access, "storage refuses access (redis, localhost:6379): NOAUTH Authentication required" },
        { new IOException("No space left on device : '/s/a.tmp'", 28), StorageCause.Full, "storage is full (redis, localhost:6379): no space left on device : '/s/a.tmp'" },
        { new UnauthorizedAccessException("Access to the path '/s' is denied."), StorageCause.Access, "storage refuses access (redis, localhost:6379): access to the path '/s' is denied" },
        { new BlobTooLargeException("model/a", 2, "Redis", 1), StorageCause.Full, "storage is full (redis, localhost:6379): model/a has 2 bytes, more than the 1 that a value in Redis can have. Keep large models in files or in Azure Blob Storage" },
        { new InvalidDataException("model/a: none of its 2 versions is whole"), StorageCause.Other, "model/a: none of its 2 versions is whole" },
        { new OrleansException("model/a: all its 2 versions are damaged"), StorageCause.Other, "model/a: all its 2 versions are damaged" },
        { new OrleansException("model/a cannot be written: odd", new NpgsqlException("Failed to connect", Refused)), StorageCause.Refused, "storage does not answer (redis, localhost:6379): connection refused" },
        { new NotSupportedException("Odd"), StorageCause.Other, "storage failed (redis, localhost:6379): odd" },
    };

    [Theory, MemberData(nameof(Failures))]
    public void It_is_one_line_of_our_own_and_has_a_cause(Exception failure, string cause, string message)
    {
        var told = StorageFailures.Tell(failure, Redis);

        told.Message.ShouldBe(message);
        told.Cause.ShouldBe(cause);
        told.InnerException.ShouldBeNull();
        OwnFailures.IsKnownToAll(told).ShouldBeTrue();
    }

    [Fact]
    public void A_knock_that_says_more_is_believed()
    {
        var silent = new RedisTimeoutException("The message timed out in the backlog", CommandStatus.Unknown);

        StorageFailures.Tell(silent, Redis, Refused).Message.ShouldBe("storage does not answer (redis, localhost:6379): connection refused");
        StorageFailures.Tell(silent, Redis, Refused).Cause.ShouldBe(StorageCause.Refused);
    }

    public static TheoryData<Exception> Foreign =>
    [
        new RequestFailedException(403, "Forbidden"),
        new NpgsqlException("Gone", Refused),
        new RedisCommandException("Wrong"),
        new BlobConflictException("a", "1", "2"),
        new OrleansException("wrapped", new RedisCommandException("Wrong")),
        new AggregateException(new IOException("a"), new RedisCommandException("Wrong")),
        new Learning.WorkloadUnavailableException("No data"),
        new InconsistentStateException("changed", "1", "2", new BlobConflictException("a", "1", "2")),
    ];

    [Theory, MemberData(nameof(Foreign))]
    public void No_type_that_a_client_lacks_leaves_a_grain(Exception failure)
    {
        OwnFailures.IsKnownToAll(failure).ShouldBeFalse();

        OwnFailures.IsKnownToAll(OwnFailures.Told(failure, FailureReason.From(failure))).ShouldBeTrue();
    }

    [Fact]
    public void Our_own_cross_the_wire_whole()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        Sent(new StorageFailedException("no room", StorageCause.Full)).Cause.ShouldBe(StorageCause.Full);
        Sent(new WorkloadFailedException("damaged", true)).IsLasting.ShouldBeTrue();
        Sent(new SiloFailedException("odd"));

        T Sent<T>(T failure)
            where T : Exception
        {
            var told = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(failure)).ShouldBeOfType<T>();
            told.Message.ShouldBe(failure.Message);
            return told;
        }
    }

    [Fact]
    public void What_every_client_knows_passes_as_it_is()
    {
        OwnFailures.IsKnownToAll(new JobRefusedException("a")).ShouldBeTrue();
        OwnFailures.IsKnownToAll(new TimeoutException("a", new IOException("b"))).ShouldBeTrue();
        OwnFailures.IsKnownToAll(new SiloUnavailableException("a")).ShouldBeTrue();
        OwnFailures.Told(new InconsistentStateException("a", "1", "2", new BlobConflictException("a", "1", "2")), "b").ShouldBeOfType<InconsistentStateException>();
    }
}
