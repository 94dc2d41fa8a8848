using System.Net;
using Basgd.Contracts;
using Basgd.Silo.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting.Health;

/// <summary><c>Silo --probe</c>: asks the silo of this configuration whether it is ready, for container runtimes that run a command to know.</summary>
public static class HealthProbe
{
    /// <summary>The switch.</summary>
    public const string Switch = SiloArguments.Probe;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Prints what it answers, or why it does not.</summary>
    /// <returns>Whether it is ready.</returns>
    /// <exception cref="OptionsValidationException">The configuration is wrong, or has no port to ask at.</exception>
    public static async Task<bool> Run(string[] args, TextWriter output)
    {
        var arguments = SiloArguments.Parse(args);
        var read = new CheckedOptions(SiloHost.CreateBuilder(arguments).Configuration, arguments.Problems);
        var silo = read.Get<SiloOptions>(SiloSettings.Section);
        if (silo.HealthPort == 0) read.Refuse(silo, SiloSettings.Section, nameof(silo.HealthPort), "must be given, because the silo answers there");
        read.ThrowIfWrong();

        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{new IPEndPoint(silo.Resolve(), silo.HealthPort)}{HealthServer.Ready}"));
            await output.WriteAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync(FailureReason.From(failure));
            return false;
        }
    }
}
