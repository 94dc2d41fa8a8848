namespace Basgd.Learning.Data;

/// <param name="Name">With .gz where it is published so; an unpacked file without the suffix is taken too.</param>
/// <param name="Sha256">Of the published file, in lower-case hexadecimal.</param>
internal sealed record DataFile(string Name, string Sha256);

/// <param name="Name">Of the data set, and of the folder its files live in.</param>
/// <param name="Files">All are needed.</param>
/// <param name="Sources">Official places to download each file from, tried in turn.</param>
/// <param name="DebianPackage">Package that puts them in /usr/share/datasets/{Name}.</param>
internal sealed record FileSet(string Name, IReadOnlyList<DataFile> Files, IReadOnlyList<Uri> Sources, string DebianPackage);

/// <summary>
/// Finds a data set's files: the directory given, $BASGD_DATA, the user's cache, the system's data sets; else brings them into
/// the cache from the official source, or from the distribution's package.
/// </summary>
internal sealed class FileFinder
{
    private readonly FileSet _set;
    private readonly DataOptions _options;
    private readonly DataEnvironment _machine;
    private readonly Shared<IReadOnlyList<string>> _search;

    public FileFinder(FileSet set, DataOptions options)
    {
        (_set, _options, _machine) = (set, options, options.Environment);
        _search = new Shared<IReadOnlyList<string>>(SearchAsync, keep: false);
    }

    /// <summary>Full paths in the order of <see cref="FileSet.Files"/>.</summary>
    /// <exception cref="WorkloadUnavailableException">With all that was tried and what to do about it.</exception>
    public Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation) => _search.GetAsync(cancellation);

    private async Task<IReadOnlyList<string>> SearchAsync()
    {
        List<string> tried = [];
        return Look(tried) ?? await FetchAsync(tried) ?? throw Unavailable(tried);
    }

    private string[]? Look(List<string> tried)
    {
        (string? Folder, string Origin)[] places =
        [
            (_options.Directory, "--data"),
            (_machine.Variable, "$BASGD_DATA"),
            (_machine.Cache, "cache"),
            (_machine.SystemDirectory, "system"),
        ];
        foreach (var (folder, origin) in places)
        {
            if (string.IsNullOrEmpty(folder)) continue;
            foreach (var candidate in (string[])[Path.Combine(folder, _set.Name), folder])
            {
                if (In(candidate) is not { } found) continue;
                _options.Report($"{_set.Name}: read from {candidate}");
                return found;
            }
            tried.Add($"{folder} ({origin}): not all files of {_set.Name} are there");
        }
        return null;
    }

    private string[]? In(string folder)
    {
        var paths = _set.Files.Select(file => Existing(Path.GetFullPath(Path.Combine(folder, file.Name)))).OfType<string>().ToArray();
        return paths.Length == _set.Files.Count ? paths : null;
    }

    private static string? Existing(string path)
    {
        if (File.Exists(path)) return path;
        var unpacked = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        return File.Exists(unpacked) ? unpacked : null;
    }

    private async Task<string[]?> FetchAsync(List<string> tried)
    {
        if (!_options.Download)
        {
            tried.Add("download: switched off");
            return null;
        }
        var target = Path.Combine(_machine.Cache, _set.Name);
        Func<string, Task>[] ways =
        [
            staging => Downloads.FetchAsync(_set, staging, _options),
            staging => DebianPackages.FetchAsync(_set, staging, _options),
        ];
        foreach (var way in ways)
        {
            var staging = Path.Combine(_machine.Cache, $".{_set.Name}-{Guid.NewGuid():N}");
            try
            {
                Directory.CreateDirectory(staging);
                await way(staging);
                Publish(staging, target);
                _options.Report($"{_set.Name}: stored in {target}");
                return In(target);
            }
            catch (Exception failed) when (failed is FetchFailedException or IOException or UnauthorizedAccessException)
            {
                tried.Add(failed.Message);
                _options.Report($"{_set.Name}: {failed.Message}");
            }
            finally
            {
                if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
            }
        }
        return null;
    }

    // File by file: the folder may be there with some of them, and a rename within one file system is all or nothing.
    private void Publish(string staging, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in _set.Files) File.Move(Path.Combine(staging, file.Name), Path.Combine(target, file.Name), overwrite: true);
    }

    private WorkloadUnavailableException Unavailable(List<string> tried) => new(
        $"The data set {_set.Name} cannot be had. Tried:\n" + string.Concat(tried.Select(way => $"  - {way}\n")) +
        $"What to do: put {string.Join(", ", _set.Files.Select(file => file.Name))} into a folder and name it with --data or $BASGD_DATA " +
        $"(they are published at {string.Join(" and ", _set.Sources)}), or on Debian and Ubuntu run: apt-get install {_set.DebianPackage}");
}

/// <summary>One way of getting the files did not work; the message says which and why.</summary>
internal sealed class FetchFailedException(string message, Exception? inner = null) : Exception(message, inner);
