using Basgd.Silo.Storage;
using Npgsql;

namespace Basgd.Silo.Hosting.Clustering;

/// <summary>Makes the membership tables before the silo looks for them.</summary>
internal sealed class PostgresMembership(ClusteringOptions options) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Prepare(options.Connection, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing where the tables are there already.</summary>
    public static async Task Prepare(string address, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(PostgresConnection.Configure(address).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Silos that start together would make them together. The statements hold other names with @: none is a parameter here.
        await using (var guard = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('basgd membership', 0))", connection)) await guard.ExecuteNonQueryAsync(cancellationToken);
        await using (var script = new NpgsqlCommand(await Script(cancellationToken), connection)) await script.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<string> Script(CancellationToken cancellationToken)
    {
        await using var stream = typeof(PostgresMembership).Assembly.GetManifestResourceStream("membership.sql")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
