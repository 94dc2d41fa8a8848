using System.ComponentModel;
using System.Diagnostics;

namespace Basgd.Infra.Tests;

/// <summary>A program that the tests run to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>What it said on both streams.</returns>
    /// <exception cref="ToolException">It is not there, fails, or takes too long.</exception>
    public static async Task<(string Output, string Error)> Run(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"; // Bicep is built with .NET and would ask for ICU.
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new ToolException($"{file} {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s");
        }

        return process.ExitCode == 0 ? (await output, await error) : throw new ToolException($"{file} {string.Join(' ', arguments)} failed: {await error}{await output}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new ToolException($"{start.FileName} cannot be run ({missing.Message}); Infra/setup.sh --tests installs what tests need");
        }
    }
}

internal sealed class ToolException(string message) : Exception(message);
