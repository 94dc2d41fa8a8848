namespace Basgd.Learning.Data;

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
        ];
        foreach (var (folder, origin) in places)
        {
            if (string.IsNullOrEmpty(folder)) continue;
            if (LookInto([Path.Combine(folder, _set.Name), .. Unpacked(folder), folder]) is { } found) return found;
            tried.Add($"{folder} ({origin}): not all files of {_set.Name} are there");
        }
        if (_set.Package is null) return null;
        var installed = Path.Combine(_machine.SystemDirectory, _set.Package.Folder);
        if (LookInto([installed]) is { } system) return system;
        tried.Add($"{installed} (system): not all files of {_set.Name} are there");
        return null;
    }

    // Where people unpack the archive they find the folder that is in it.
    private IEnumerable<string> Unpacked(string folder) => _set.Archive is { } archive ? [Path.Combine(folder, archive.Folder)] : [];

    private string[]? LookInto(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (In(candidate) is not { } found) continue;
            _options.Report($"{_set.Name}: read from {candidate}");
            return found;
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
        List<Func<string, Task>> ways = [];
        if (_set.Sources.Count > 0) ways.Add(staging => Downloads.FetchAsync(_set, staging, _options));
        if (_set.Package is { } package) ways.Add(staging => DebianPackages.FetchAsync(_set, package, staging, _options));
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
                // What the system says names a temporary folder.
                var said = failed.Message.Replace(staging, target, StringComparison.Ordinal);
                var reason = failed is FetchFailedException ? said : $"cannot be stored in {target}: {said}";
                tried.Add(reason);
                _options.Report($"{_set.Name}: {reason}");
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
        $"What to do: put {string.Join(", ", _set.Files.Select(file => file.Name))} into a folder and name it with --data or $BASGD_DATA{Published}{Packaged}");

    private string Published => _set.Sources.Count == 0 ? "" : $" ({Content} published at {string.Join(" and ", _set.Sources)})";

    private string Content => _set.Archive is { } archive ? $"{archive.Name}, which has them, is" : "they are";

    private string Packaged => _set.Package is null ? "" : $", or on Debian and Ubuntu run: apt-get install {_set.Package.Name}";
}

/// <summary>One way of getting the files did not work; the message says which and why.</summary>
internal sealed class FetchFailedException(string message, Exception? inner = null) : Exception(message, inner);
