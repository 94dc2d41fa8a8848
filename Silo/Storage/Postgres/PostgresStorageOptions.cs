using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in PostgreSQL; section <c>Basgd:Storage:Postgres</c>.</summary>
[OptionsSection("Basgd:Storage:Postgres")]
public sealed class PostgresStorageOptions
{
    [Description("As for the cluster. At most 1 GiB a model.")]
    [Required, PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    [Description("Table that holds the state; made if it is missing; different for clusters that share a database.")]
    [Required, RegularExpression("[a-z_][a-z0-9_]{0,62}", ErrorMessage = "must be 1 … 63 lower-case letters, digits and underscores, not starting with a digit")]
    public string Table { get; set; } = "basgd_state";
}
