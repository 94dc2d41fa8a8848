using System.Diagnostics;
using System.Globalization;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>
/// Kills what these tests started when they end, however they end: a shell that lives as long as its standard input, which closes
/// with this process. A silo does not end by itself when the tests are gone.
/// </summary>
internal static class Reaper
{
    private const string Script = """
        trap '' HUP INT TERM
        while read -r what id; do
          case $what in
            watch) ids="$ids $id" ;;
            forget)
              kept=
              for other in $ids; do [ "$other" = "$id" ] || kept="$kept $other"; done
              ids=$kept ;;
          esac
        done
        [ -z "$ids" ] || kill -KILL $ids
        """;

    private static readonly Lazy<Process> Shell = new(static () =>
    {
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add(Script);
        return Process.Start(info)!;
    });

    public static void Watch(int process) => Say("watch", process);

    /// <summary>It has ended: another may get its number.</summary>
    public static void Forget(int process) => Say("forget", process);

    private static void Say(string what, int process)
    {
        var input = Shell.Value.StandardInput;
        lock (Shell)
        {
            input.Write(string.Create(CultureInfo.InvariantCulture, $"{what} {process}\n"));
            input.Flush();
        }
    }
}
