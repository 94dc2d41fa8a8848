using System.Net.Sockets;
using Basgd.Learning;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting;

/// <summary>What options need of this machine: a start refuses what it lacks, and <c>--check</c> says the same.</summary>
internal static class MachineNeeds
{
    /// <summary>What is tried, by the option that asks for it, and how. A failure's message says what is missing.</summary>
    public static IEnumerable<(string Name, Action Try)> Of(SiloSettings settings)
    {
        const string Section = SiloSettings.Section;
        var silo = settings.Silo;
        yield return ($"{Section}:Address = {silo.Address}: listened on", () => SiloHost.PortOr(0, settings.Address));
        if (!SiloRole.Computes(silo.Role)) yield break;
        if (silo.Data is { } data) yield return ($"{Section}:Data = {data}: read", () => _ = Directory.EnumerateFileSystemEntries(data).Any());
        yield return ($"Basgd:Worker:Devices = {settings.Worker.Devices}: found", () => TorchDevices.Choose(settings.Worker.Devices));
    }

    /// <exception cref="OptionsValidationException">This machine lacks something; the message has a line for each.</exception>
    public static void ThrowIfMissing(SiloSettings settings)
    {
        List<string> problems = [];
        foreach (var (name, attempt) in Of(settings))
        {
            try
            {
                attempt();
            }
            catch (OptionsValidationException wrong)
            {
                problems.AddRange(wrong.Failures);
            }
            catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException or ArgumentException or WorkloadUnavailableException)
            {
                problems.Add($"{name[..name.LastIndexOf(':')]}: must be there ({failure.Message})");
            }
        }

        if (problems.Count > 0) throw new OptionsValidationException("Basgd", typeof(MachineNeeds), problems);
    }
}
