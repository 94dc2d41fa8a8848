using Basgd.Contracts;
using Npgsql;

namespace Basgd.Silo.Storage;

/// <summary>How to reach PostgreSQL.</summary>
public static class PostgresConnection
{
    /// <param name="address">As <see cref="ClusterAddress.Postgres"/> takes it.</param>
    /// <exception cref="FormatException">It cannot be read. The message does not repeat it, for it may hold a password.</exception>
    public static NpgsqlConnectionStringBuilder Configure(string address)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(ClusterAddress.Postgres(address));
            if (!string.IsNullOrEmpty(settings.Host)) return settings;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Its message may repeat parts of the string.
        }

        throw new FormatException("must be postgres://user:password@host:port/database or a connection string of Npgsql");
    }
}
