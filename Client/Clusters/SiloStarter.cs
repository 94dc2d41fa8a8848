using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Basgd.Contracts.Attaching;

namespace Basgd.Client.Clusters;

/// <summary>Starts silos that belong to a state directory: they outlive this process if others need them.</summary>
internal sealed class SiloStarter(string state, SiloStart start, SiloLog log)
{
    /// <summary>
    /// Becomes the silo. The output goes to a file, so that a crash of the runtime is in it, too; if the file cannot be written, to
    /// nowhere. Ctrl-C is for the command, which may have to ask a job to finish its round.
    /// </summary>
    private const string Script = """trap '' INT HUP; log=$0; (: >>"$log") 2>/dev/null || log=/dev/null; exec "$@" </dev/null >>"$log" 2>&1""";

    private static readonly string[] Isolators = ["/usr/bin/setsid", "/bin/setsid"];

    /// <exception cref="ClusterException">There is no program to start.</exception>
    public IStartedSilo Start()
    {
        var position = log.Length;
        try
        {
            return new Started(Process.Start(Command())!, log, position);
        }
        catch (Win32Exception failure)
        {
            throw new ClusterException($"the silo cannot be started: {failure.Message}", failure);
        }
    }

    private ProcessStartInfo Command()
    {
        string[] silo = [SiblingProgram.Dotnet, SiblingProgram.Silo.Find(), "--state", state, "--attended", .. Arguments()];
        if (OperatingSystem.IsWindows()) return new ProcessStartInfo(silo[0], silo[1..]) { CreateNoWindow = true, CreateNewProcessGroup = true };

        // A session of its own: what a terminal sends to its processes when it closes does not reach it.
        string[] command = [.. Isolators.Where(File.Exists).Take(1), "/bin/sh", "-c", Script, log.Path, .. silo];
        return new ProcessStartInfo(command[0], command[1..]);
    }

    private IEnumerable<string> Arguments()
    {
        if (start.Page != 0)
            foreach (var argument in (string[])["--page-port", start.Page.ToString(CultureInfo.InvariantCulture), "--Basgd:Page:OrAnyPort=true"]) yield return argument;
        if (start.Data is not { } data) yield break;
        yield return "--data";
        yield return Path.GetFullPath(data);
    }

    private sealed class Started(Process process, SiloLog log, long position) : IStartedSilo
    {
        public int? ExitCode => process.HasExited ? process.ExitCode : null;

        public string LastWords => string.Join('\n', [.. log.LastLines(position), $"(all of it: {log.Path})"]);
    }
}
