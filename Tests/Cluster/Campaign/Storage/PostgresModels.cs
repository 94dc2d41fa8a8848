using Npgsql;

namespace Basgd.Cluster.Tests.Campaign;

internal sealed class PostgresModels(string connection) : IStoredModels
{
    private const string Newest = "name = $1 AND version = (SELECT max(version) FROM basgd_state WHERE name = $1)";

    public async Task<StoredModel> Read(string job)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand($"SELECT content, etag FROM basgd_state WHERE {Newest}");
        command.Parameters.Add(new() { Value = NameOf(job) });
        await using var rows = await command.ExecuteReaderAsync();
        (await rows.ReadAsync()).ShouldBeTrue();
        return new StoredModel(rows.GetFieldValue<byte[]>(0), rows.GetString(1));
    }

    public async Task Put(string job, StoredModel model)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand($"UPDATE basgd_state SET content = $2, etag = $3 WHERE {Newest}");
        foreach (var value in (object[])[NameOf(job), model.Bytes, model.ETag]) command.Parameters.Add(new() { Value = value });
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private static string NameOf(string job) => $"model/model%2F{job}";
}
