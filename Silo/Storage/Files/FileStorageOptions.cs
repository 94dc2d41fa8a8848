using System.ComponentModel;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Grain state as files; section <c>Basgd:Storage:File</c>.</summary>
[OptionsSection("Basgd:Storage:File")]
public sealed class FileStorageOptions
{
    [Description(
        "Directory of the files; without it, `grains` in the state directory. In a cluster it must be given, and there must be one server silo "
        + "only.")]
    public string? Directory { get; set; }

    [Description("Whether a write reaches the disk before it counts. Without it a power cut may lose what was reported durable.")]
    public bool Fsync { get; set; } = true;
}
