using System.Text.Json;
using System.Text.Json.Serialization;

namespace Basgd.Experiments.Running;

/// <summary>Finished runs in a folder, so that an interrupted experiment goes on where it was and experiments share their runs.</summary>
internal sealed class RunStore(string folder)
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The run, if it was finished before.</summary>
    public RunRecord? Find(Setup setup)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(PathOf(setup)), Options);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Keep(Setup setup, RunRecord run)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(setup);
        // Whole or not at all, also where the process is killed.
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(run, Options));
        File.Move(path + ".new", path, overwrite: true);
    }

    private string PathOf(Setup setup) => Path.Combine(folder, RunKey.Of(setup) + ".json");
}
