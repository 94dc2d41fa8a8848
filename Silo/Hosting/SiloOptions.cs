using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Hosting;

/// <summary>Where the silo lives; section <c>Basgd:Silo</c>.</summary>
public sealed class SiloOptions
{
    /// <summary>Directory that holds jobs, models and checkpoints; one silo at a time. Default: state.</summary>
    [Required]
    public string State { get; set; } = "state";

    /// <summary>Port that clients connect to, on the loopback interface; 0 for any free one. Default: 0.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>Directory to look for data sets in, before all others. Default: none.</summary>
    public string? Data { get; set; }

    /// <summary>Stop when standard input is closed, so that a silo does not outlive the command that started it. Default: false.</summary>
    public bool ExitWithStdin { get; set; }
}
