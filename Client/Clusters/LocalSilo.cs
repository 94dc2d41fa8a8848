using System.Diagnostics;
using System.Globalization;

namespace Basgd.Client.Clusters;

/// <summary>A silo of our own, which lives as long as its standard input is open: it drains by itself even where this process is killed.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private const string Ready = "ready ";
    private const int LinesToShow = 12;
    private static readonly string[] Isolators = ["/usr/bin/setsid", "/bin/setsid"];
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Queue<string> lastLines = new();
    private readonly TaskCompletionSource<SiloAnnouncement> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    private LocalSilo(Process process, string logFile)
    {
        this.process = process;
        LogFile = logFile;
        log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>Where everything goes that the silo prints.</summary>
    public string LogFile { get; }

    /// <summary>Told what the silo says it does; on any thread.</summary>
    public Action<SiloProgress>? Progress { get; set; }

    public bool HasExited => process.HasExited;

    /// <summary>Why it ended, as far as it said.</summary>
    public string LastWords
    {
        get
        {
            lock (lastLines) return string.Join('\n', [.. lastLines, $"(all of it: {LogFile})"]);
        }
    }

    /// <summary>Starts a silo and waits until it takes clients.</summary>
    /// <exception cref="ClusterException">It ended, or took too long; the message has what it printed last.</exception>
    public static async Task<(LocalSilo Silo, SiloAnnouncement Announcement)> Start(string state, SiloStart start, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(state);
        var silo = new LocalSilo(new Process { StartInfo = Command(state, start) }, Path.Combine(state, "silo.log"));
        try
        {
            silo.process.Start();
            silo.process.BeginOutputReadLine();
            silo.process.BeginErrorReadLine();
            var exit = silo.process.WaitForExitAsync(cancellationToken);
            var first = await Task.WhenAny(silo.ready.Task, exit).WaitAsync(StartTime, cancellationToken);
            if (first == silo.ready.Task) return (silo, await silo.ready.Task);
            await exit;
            throw new ClusterException($"the silo on {state} ended while it started, with exit code {silo.process.ExitCode}:\n{silo.LastWords}");
        }
        catch (Exception failure)
        {
            await silo.DisposeAsync();
            throw failure switch
            {
                TimeoutException => new ClusterException($"the silo on {state} was not ready after {StartTime.TotalSeconds} s:\n{silo.LastWords}", failure),
                System.ComponentModel.Win32Exception => new ClusterException($"the silo cannot be started: {failure.Message}", failure),
                _ => failure,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(DrainTime);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }

        process.Dispose();
        lock (lastLines)
        {
            closed = true;
            log.Dispose();
        }
    }

    private static ProcessStartInfo Command(string state, SiloStart start)
    {
        var dll = SiblingProgram.Silo.Find();
        // A session of its own, so that Ctrl-C reaches only this process, which then asks the job to finish its round.
        var isolate = Isolators.FirstOrDefault(File.Exists);
        var info = new ProcessStartInfo(isolate ?? SiblingProgram.Dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (OperatingSystem.IsWindows()) info.CreateNewProcessGroup = true;
        if (isolate is not null) info.ArgumentList.Add(SiblingProgram.Dotnet);
        foreach (var argument in (string[])[dll, "--state", state, "--exit-with-stdin"]) info.ArgumentList.Add(argument);
        if (start.Slots is { } slots)
        {
            info.ArgumentList.Add("--slots");
            info.ArgumentList.Add(slots.ToString(CultureInfo.InvariantCulture));
        }

        if (start.Page != 0)
            foreach (var argument in (string[])["--page-port", start.Page.ToString(CultureInfo.InvariantCulture), "--Basgd:Page:OrAnyPort=true"]) info.ArgumentList.Add(argument);

        if (start.Data is { } data)
        {
            info.ArgumentList.Add("--data");
            info.ArgumentList.Add(Path.GetFullPath(data));
        }

        return info;
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (lastLines)
        {
            if (closed) return;
            log.WriteLine(line);
            lastLines.Enqueue(line);
            if (lastLines.Count > LinesToShow) lastLines.Dequeue();
        }

        if (SiloProgress.Parse(line) is { } progress) Progress?.Invoke(progress);
        if (line.StartsWith(Ready, StringComparison.Ordinal) && SiloAnnouncement.Parse(line[Ready.Length..]) is { } announced) ready.TrySetResult(announced);
    }
}
