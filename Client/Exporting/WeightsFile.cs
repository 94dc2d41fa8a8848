using Basgd.Contracts.Exporting;

namespace Basgd.Client.Exporting;

/// <summary>Weights in a file that other programs read; the extension says which.</summary>
internal static class WeightsFile
{
    private static readonly Dictionary<string, Action<Stream, Weights>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".safetensors"] = SafeTensors.Write,
        [".npz"] = Npz.Write,
    };

    public static IEnumerable<string> Extensions => Formats.Keys;

    /// <summary>Null where the extension is unknown.</summary>
    public static Action<Stream, Weights>? FormatOf(string file) => Formats.GetValueOrDefault(Path.GetExtension(file));

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(string file, Weights weights)
    {
        var format = FormatOf(file) ?? throw new ArgumentException($"{file}: no format with that extension.", nameof(file));
        if (Directory.Exists(file)) throw new UsageException($"to = {file}: must be a file; this is a directory");
        var full = Path.GetFullPath(file);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                format(stream, weights);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nobody asked for the temporary file.
            throw new IOException($"to = {file}: cannot be written ({failure.Message.Replace(temporary, full, StringComparison.Ordinal)})", failure);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }
}
