using System.Text.Json;
using Basgd.Learning.Data;

namespace Basgd.Silo.Hosting;

/// <summary>Tells whoever started the silo how far a download is: one line each, <c>progress {"message":…,"received":…,"total":…}</c>.</summary>
internal sealed class DataAnnouncer : IProgress<DataProgress>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public void Report(DataProgress value) => Output.Write($"progress {JsonSerializer.Serialize(value, Json)}");
}
