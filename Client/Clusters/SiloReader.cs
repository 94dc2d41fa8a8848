using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>Reads a state directory that no silo runs on. Only the silo's program knows how states are stored, so it is asked, and starts no silo.</summary>
internal sealed class SiloReader(string state)
{
    /// <summary>As the silo's program answers what is to be refused, rather than what went wrong.</summary>
    private const int Refused = 2;

    /// <param name="what">What to read, such as <c>jobs</c>.</param>
    /// <exception cref="JobRefusedException">There is no such thing.</exception>
    /// <exception cref="ClusterException">It cannot be read.</exception>
    public async Task<T> Read<T>(params IReadOnlyList<string> what)
    {
        var start = new ProcessStartInfo(SiblingProgram.Dotnet, [SiblingProgram.Silo.Find(), "--read", .. what, "--state", state]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            var answer = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode switch
            {
                0 => JsonSerializer.Deserialize<T>(answer, AnswerJson.Options)!,
                Refused => throw new JobRefusedException((await complaints).Trim()),
                _ => throw new ClusterException((await complaints).Trim()),
            };
        }
        catch (Exception failure) when (failure is Win32Exception or JsonException)
        {
            throw new ClusterException($"the state directory cannot be read: {failure.Message}", failure);
        }
    }
}
