using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in PostgreSQL; section <c>Basgd:Storage:Postgres</c>.</summary>
public sealed class PostgresStorageOptions
{
    /// <summary><c>postgres://user:password@host:port/database</c>, or what Npgsql takes. Default: none, it must be given.</summary>
    [Required, PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    /// <summary>Table that holds the state; made where it is missing. Default: basgd_state.</summary>
    [Required, RegularExpression("[a-z_][a-z0-9_]{0,62}", ErrorMessage = "must be 1 … 63 lower-case letters, digits and underscores, not starting with a digit")]
    public string Table { get; set; } = "basgd_state";
}
