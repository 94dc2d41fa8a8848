using System.Diagnostics;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Programs of the operating system.</summary>
internal static class Command
{
    /// <returns>Whether the program is there and has ended well.</returns>
    public static bool Succeeds(params ReadOnlySpan<string> command) => Run(command) is null;

    /// <exception cref="InvalidOperationException">It is not there or has failed; the message has what it printed.</exception>
    public static void Require(params ReadOnlySpan<string> command)
    {
        if (Run(command) is { } problem) throw new InvalidOperationException(problem);
    }

    private static string? Run(ReadOnlySpan<string> command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..]) info.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(info)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{string.Join(' ', info.ArgumentList.Prepend(info.FileName))} ended with {process.ExitCode}: {error.Result}{output.Result}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
