namespace Basgd.Learning.Data;

/// <summary>Files out of a distribution's package, unpacked without installing it: apt checks its signature, nobody needs to be root.</summary>
internal static class DebianPackages
{
    // A mirror that does not answer must not hold up the message that says so.
    private static readonly string[] _apt = ["-q", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::https::Timeout=15", "-o", "Acquire::Retries=0"];

    public static async Task FetchAsync(FileSet set, DebianPackage wanted, string folder, DataOptions options)
    {
        var machine = options.Environment;
        if (!machine.HasDebianPackages) throw new FetchFailedException($"package {wanted.Name}: this machine has no apt-get and dpkg-deb");
        options.Report($"{set.Name}: unpacking the distribution's package {wanted.Name}");

        var download = await machine.Run("apt-get", [.. _apt, "download", wanted.Name], folder);
        if (download.ExitCode != 0)
        {
            // Package lists may be missing or old. Renewing them takes root, and fails as a whole if one source of many does, so
            // whatever came of it the download is tried again.
            var update = await machine.Run("apt-get", [.. _apt, "update"], folder);
            download = await machine.Run("apt-get", [.. _apt, "download", wanted.Name], folder);
            if (download.ExitCode != 0) throw new FetchFailedException($"package {wanted.Name}: {Says("apt-get download", download)}; {Says("apt-get update", update)}");
        }
        var package = Directory.EnumerateFiles(folder, "*.deb").FirstOrDefault()
            ?? throw new FetchFailedException($"package {wanted.Name}: apt-get download left no file");
        var content = Path.Combine(folder, "content");
        var unpacked = await machine.Run("dpkg-deb", ["-x", package, content], folder);
        if (unpacked.ExitCode != 0) throw new FetchFailedException($"package {wanted.Name}: {Says("dpkg-deb", unpacked)}");

        foreach (var file in set.Files)
        {
            var path = Path.Combine(content, "usr/share", wanted.Folder, file.Name);
            if (!File.Exists(path)) throw new FetchFailedException($"package {wanted.Name}: {file.Name} is not in it");
            File.Move(path, Path.Combine(folder, file.Name));
        }
    }

    private static string Says(string command, ProcessResult result) =>
        $"{command} ended with {result.ExitCode}{(result.Error.Length == 0 ? "" : $": {result.Error.ReplaceLineEndings(" ")}")}";
}
