using System.Diagnostics;

namespace Basgd.Benchmarks.Clusters;

/// <summary>A program that this one started, and that ends when this one closes its standard input or gives up what it lives for, so also when this one is killed.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int LinesToShow = 30;
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(40);

    private readonly Process process;
    private readonly Queue<string> lines = new();
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Child(ProcessStartInfo start, string readyText)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Take(line.Data, readyText);
        process.ErrorDataReceived += (_, line) => Take(line.Data, readyText);
    }

    public int Id => process.Id;

    /// <summary>Starts it and waits for a line that contains <paramref name="readyText"/>.</summary>
    /// <returns>It, and that line.</returns>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it printed.</exception>
    public static async Task<(Child Child, string Line)> Start(string program, IEnumerable<string> arguments, string readyText, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new Child(start, readyText);
        try
        {
            child.process.Start();
            child.process.BeginOutputReadLine();
            child.process.BeginErrorReadLine();
            await Task.WhenAny(child.ready.Task, child.process.WaitForExitAsync()).WaitAsync(StartTime);
            if (child.ready.Task.IsCompletedSuccessfully) return (child, await child.ready.Task);
            throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended before it was ready:\n{child.LastWords}");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public string LastWords
    {
        get
        {
            lock (lines) return string.Join('\n', lines);
        }
    }

    /// <summary>Closes its standard input and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(EndTime);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Take(string? line, string readyText)
    {
        if (line is null) return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > LinesToShow) lines.Dequeue();
        }

        if (line.Contains(readyText, StringComparison.Ordinal)) ready.TrySetResult(line);
    }
}
