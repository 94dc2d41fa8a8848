using System.Buffers;
using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Basgd.Silo.Storage;

/// <summary>
/// Blobs in one table of PostgreSQL, a row a version; the table is made when it is first missed. A lock on the blob's name keeps
/// those who change it apart while each looks at the newest ETag and then does what it came for, in one transaction.
/// </summary>
/// <param name="source">Shared; not disposed.</param>
/// <param name="table">Name of the table, safe to be put into a statement.</param>
public sealed class PostgresBlobStore(NpgsqlDataSource source, string table, int versionsKept) : IBlobStore
{
    /// <summary>Most bytes of one value: 1 GiB, the limit of a bytea and of a message, less what goes around it.</summary>
    public const long Limit = (1L << 30) - (1 << 20);

    /// <summary>What no name of a grain's state ends with, for dots are escaped there.</summary>
    private const string DamagedSuffix = ".damaged";

    /// <inheritdoc/>
    public int VersionsKept => versionsKept;

    /// <inheritdoc/>
    public Task<Blob?> Read(string name, int back) => WithTable(async () =>
    {
        await using var read = source.CreateCommand($"SELECT etag, content FROM {table} WHERE name = $1 ORDER BY version DESC OFFSET $2 LIMIT 1");
        read.Parameters.Add(Text(name));
        read.Parameters.Add(new NpgsqlParameter { Value = back });
        await using var rows = await read.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        if (!await rows.ReadAsync()) return null;
        var eTag = rows.GetString(0);
        return new Blob(await rows.GetFieldValueAsync<byte[]>(1), eTag);
    });

    /// <inheritdoc/>
    public Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        BlobTooLargeException.ThrowIfTooLarge(name, content.Length, "PostgreSQL", Limit);
        return Change(name, eTag, async (connection, newest) =>
        {
            var next = Guid.NewGuid().ToString("N");
            await using var stream = new SequenceStream(content);
            var bytes = new NpgsqlParameter { Value = stream, NpgsqlDbType = NpgsqlDbType.Bytea };
            await Run(connection, $"INSERT INTO {table} (name, version, etag, content) VALUES ($1, $2, $3, $4)", Text(name), new() { Value = newest + 1 }, Text(next), bytes);
            await Run(connection, $"DELETE FROM {table} WHERE name = $1 AND version NOT IN (SELECT version FROM {table} WHERE name = $1 ORDER BY version DESC LIMIT $2)", Text(name), new() { Value = versionsKept });
            return next;
        });
    }

    /// <inheritdoc/>
    public Task<string> FallBack(string name, int back, string? eTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(back, 1);
        return Change(name, eTag, async (connection, newest) =>
        {
            await Run(connection, $"DELETE FROM {table} WHERE name = $1", Text(name + DamagedSuffix));
            await Run(connection, $"UPDATE {table} SET name = $3 WHERE name = $1 AND version = $2", Text(name), new() { Value = newest }, Text(name + DamagedSuffix));
            await Run(connection, $"DELETE FROM {table} WHERE name = $1 AND version IN (SELECT version FROM {table} WHERE name = $1 ORDER BY version DESC LIMIT $2)", Text(name), new() { Value = back - 1 });
            return (await Newest(connection, name)).ETag ?? throw new InvalidOperationException($"{name} has no version {back} before its newest");
        });
    }

    /// <inheritdoc/>
    public Task Delete(string name, string? eTag) => Change(name, eTag, async (connection, _) =>
    {
        await Run(connection, $"DELETE FROM {table} WHERE name IN ($1, $2)", Text(name), Text(name + DamagedSuffix));
        return "";
    });

    private static NpgsqlParameter Text(string value) => new() { Value = value };

    private static async Task Run(NpgsqlConnection connection, string statement, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }

    private Task<string> Change(string name, string? eTag, Func<NpgsqlConnection, long, Task<string>> change) => WithTable(async () =>
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Text($"{table}/{name}"));
        var (found, version) = await Newest(connection, name);
        if (found != eTag) throw new BlobConflictException(name, eTag, found);
        var result = await change(connection, version);
        await transaction.CommitAsync();
        return result;
    });

    /// <returns>Null and 0 where there is no version.</returns>
    private async Task<(string? ETag, long Version)> Newest(NpgsqlConnection connection, string name)
    {
        await using var command = new NpgsqlCommand($"SELECT etag, version FROM {table} WHERE name = $1 ORDER BY version DESC LIMIT 1", connection);
        command.Parameters.Add(Text(name));
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() ? (rows.GetString(0), rows.GetInt64(1)) : (null, 0);
    }

    /// <summary>Makes the table where there is none, whoever else makes it at the same time, and runs the action again.</summary>
    private async Task<T> WithTable<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Floats do not compress: EXTERNAL spares the attempt.
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await Run(connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Text(table));
            await Run(connection, $"CREATE TABLE IF NOT EXISTS {table} (name text, version bigint, etag text NOT NULL, content bytea NOT NULL, PRIMARY KEY (name, version))");
            await Run(connection, $"ALTER TABLE {table} ALTER COLUMN content SET STORAGE EXTERNAL");
            await transaction.CommitAsync();
            return await action();
        }
    }
}
