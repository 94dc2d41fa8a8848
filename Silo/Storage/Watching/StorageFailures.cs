using System.Net;
using System.Net.Sockets;
using Azure;
using Basgd.Contracts;
using Npgsql;
using Orleans.Storage;
using StackExchange.Redis;

namespace Basgd.Silo.Storage;

/// <summary>What the libraries of storages throw, in our own words: their types are known to silos alone, and their messages are for programmers.</summary>
internal static class StorageFailures
{
    /// <summary>ENOSPC, EFBIG and EDQUOT, and ERROR_DISK_FULL.</summary>
    private static readonly int[] Full = [28, 27, 122, unchecked((int)0x80070070)];

    /// <summary>EROFS and EACCES.</summary>
    private static readonly int[] Closed = [30, 13];

    /// <summary>The failure as callers may see it.</summary>
    /// <param name="explain">Why the servers cannot be reached; null if they can, or nothing is known.</param>
    public static StorageFailedException Tell(Exception failure, StorageTarget target, SocketException? explain = null)
    {
        if (failure is StorageFailedException told) return told;
        var cause = explain is null ? CauseOf(failure) : explain.SocketErrorCode == SocketError.TimedOut ? StorageCause.Timeout : StorageCause.Refused;
        var reason = Reason(failure, explain);
        return new StorageFailedException(
            cause switch
            {
                StorageCause.Timeout or StorageCause.Refused => $"storage does not answer ({target}): {reason}",
                StorageCause.Full => $"storage is full ({target}): {reason}",
                StorageCause.Access => $"storage refuses access ({target}): {reason}",
                _ when failure is InvalidDataException or OrleansException { InnerException: null } => reason, // Of a damaged state.
                _ => $"storage failed ({target}): {reason}",
            },
            cause);
    }

    /// <summary>One of <see cref="StorageCause"/>.</summary>
    public static string CauseOf(Exception failure)
    {
        for (var part = failure; part is not null; part = part is AggregateException { InnerExceptions: [var first, ..] } ? first : part.InnerException)
            if (Known(part) is { } cause) return cause;
        return StorageCause.Other;
    }

    /// <summary>Whether it is about one state, and the storage holds others well.</summary>
    public static bool IsOfOneState(Exception failure) =>
        CauseOf(failure) is StorageCause.Conflict or StorageCause.Other || (failure.InnerException ?? failure) is BlobTooLargeException;

    /// <summary>Null where the exception itself does not say; one that it wraps may.</summary>
    private static string? Known(Exception failure) => failure switch
    {
        StorageFailedException told => told.Cause,
        InconsistentStateException or BlobConflictException => StorageCause.Conflict,
        BlobTooLargeException => StorageCause.Full,
        SocketException socket => socket.SocketErrorCode == SocketError.TimedOut ? StorageCause.Timeout : StorageCause.Refused,
        PostgresException postgres => OfPostgres(postgres.SqlState),
        RedisServerException redis => OfRedis(redis.Message),
        RedisConnectionException redis => redis.FailureType == ConnectionFailureType.AuthenticationFailure ? StorageCause.Access : StorageCause.Refused,
        RequestFailedException { Status: > 0 } azure => OfHttp((HttpStatusCode)azure.Status),
        UnauthorizedAccessException => StorageCause.Access,
        TimeoutException or OperationCanceledException => StorageCause.Timeout,
        IOException when Full.Contains(failure.HResult) => StorageCause.Full,
        IOException when Closed.Contains(failure.HResult) => StorageCause.Access,
        EndOfStreamException => StorageCause.Refused,
        _ => null,
    };

    private static string OfHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StorageCause.Access,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => StorageCause.Conflict,
        HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InsufficientStorage => StorageCause.Full,
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => StorageCause.Timeout,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => StorageCause.Refused,
        _ => StorageCause.Other,
    };

    private static string OfPostgres(string state) => state switch
    {
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.ProgramLimitExceeded => StorageCause.Full,
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName => StorageCause.Access,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => StorageCause.Refused,
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections => StorageCause.Refused,
        PostgresErrorCodes.QueryCanceled => StorageCause.Timeout,
        ['2', '8', ..] => StorageCause.Access,
        _ => StorageCause.Other,
    };

    private static string OfRedis(string message) => message.Split(' ')[0] switch
    {
        "OOM" => StorageCause.Full,
        "NOAUTH" or "WRONGPASS" or "NOPERM" or "READONLY" => StorageCause.Access,
        "LOADING" or "CLUSTERDOWN" or "MASTERDOWN" => StorageCause.Refused,
        _ => StorageCause.Other,
    };

    /// <summary>What Redis' client says goes on with its own counters, and of a connection it knows no cause.</summary>
    private static string Reason(Exception failure, SocketException? explain)
    {
        if (explain is not null) return FailureReason.From(explain);
        if (failure is RedisTimeoutException) return "no answer in time";
        if (failure is RedisConnectionException { InnerException: null }) return "the connection is lost";
        return FailureReason.From(failure);
    }
}
