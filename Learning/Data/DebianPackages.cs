namespace Basgd.Learning.Data;

/// <summary>Files out of a distribution's package, unpacked without installing it: apt checks its signature, nobody needs to be root.</summary>
internal static class DebianPackages
{
    public static async Task FetchAsync(FileSet set, string folder, DataOptions options)
    {
        var machine = options.Environment;
        if (!machine.HasDebianPackages) throw new FetchFailedException($"package {set.DebianPackage}: this machine has no apt-get and dpkg-deb");
        options.Report($"{set.Name}: unpacking the distribution's package {set.DebianPackage}");

        var download = await machine.Run("apt-get", ["-q", "download", set.DebianPackage], folder);
        if (download.ExitCode != 0)
        {
            // Package lists may be missing or old; only root can renew them, for others this fails and says so.
            var update = await machine.Run("apt-get", ["-q", "update"], folder);
            download = await machine.Run("apt-get", ["-q", "download", set.DebianPackage], folder);
            if (download.ExitCode != 0) throw Failed(set, "apt-get download", update.ExitCode == 0 ? download : update);
        }
        var package = Directory.EnumerateFiles(folder, "*.deb").FirstOrDefault()
            ?? throw new FetchFailedException($"package {set.DebianPackage}: apt-get download left no file");
        var content = Path.Combine(folder, "content");
        var unpacked = await machine.Run("dpkg-deb", ["-x", package, content], folder);
        if (unpacked.ExitCode != 0) throw Failed(set, "dpkg-deb", unpacked);

        foreach (var file in set.Files)
        {
            var path = Path.Combine(content, "usr/share/datasets", set.Name, file.Name);
            if (!File.Exists(path)) throw new FetchFailedException($"package {set.DebianPackage}: {file.Name} is not in it");
            File.Move(path, Path.Combine(folder, file.Name));
        }
    }

    private static FetchFailedException Failed(FileSet set, string command, ProcessResult result) =>
        new($"package {set.DebianPackage}: {command} ended with {result.ExitCode}: {result.Error.ReplaceLineEndings(" ")}");
}
