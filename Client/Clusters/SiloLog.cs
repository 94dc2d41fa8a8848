using System.Text.RegularExpressions;

namespace Basgd.Client.Clusters;

/// <summary>What silos on a state directory print: <c>silo.log</c>. It may be missing, if it could not be written.</summary>
internal sealed partial class SiloLog(string state)
{
    private static readonly string[] ForCommands = ["ready ", SiloProgress.Prefix];
    private const int LinesToShow = 12;
    private const int BytesToShow = 8192;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    public string Path { get; } = System.IO.Path.Combine(state, "silo.log");

    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The last lines for people that were printed after a position.</summary>
    public IReadOnlyList<string> LastLines(long from) =>
        [.. Read(Math.Max(from, Length - BytesToShow)).Where(static line => !ForCommands.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal))).TakeLast(LinesToShow)];

    /// <summary>Why a silo ended: the last line that it printed after a position, if that is for people and not a log record.</summary>
    /// <returns>Null if it gave no reason, as when it was killed.</returns>
    public string? EndReason(long from) => LastLines(from).LastOrDefault(static line => !StackLine.IsMatch(line)) is { } last && !LogRecord.IsMatch(last) ? last.Trim() : null;

    /// <summary>Tells each line that is printed from now on.</summary>
    public async Task Follow(Action<string> line, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var position = Length; !cancellationToken.IsCancellationRequested; await Task.Delay(Period, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
        {
            if (Length == position) continue;
            foreach (var text in Read(position)) line(text);
            position = Length;
        }
    }

    [GeneratedRegex(@"^\s+(at |---)")]
    private static partial Regex StackLine { get; }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} [a-z]{4}: ")]
    private static partial Regex LogRecord { get; }

    private IReadOnlyList<string> Read(long from)
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(from, SeekOrigin.Begin);
            return [.. new StreamReader(file).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
