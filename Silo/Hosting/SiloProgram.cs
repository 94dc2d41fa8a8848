using System.Reflection;
using Basgd.Contracts.Attaching;
using Basgd.Contracts.Programs;
using Basgd.Silo.Hosting.Checks;
using Basgd.Silo.Hosting.Configuration;
using Basgd.Silo.Hosting.Health;
using Basgd.Silo.Hosting.Reading;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting;

/// <summary>
/// The silo as a program: <c>return await SiloProgram.Run(args, services => services.AddWorkload&lt;MyWorkload&gt;());</c> is all of a
/// host with a workload of its own. Exit codes: 0 done, 1 failed, 2 wrong use, 3 another silo holds the state directory.
/// </summary>
public static class SiloProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUse = 2;

    /// <param name="configure">More services of the silo.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] args, Action<IServiceCollection>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        try
        {
            if (args is [StateReader.Switch, ..]) return await StateReader.Run(args, Console.Out, Console.Error);
            return SiloArguments.Parse(args) switch
            {
                { Mode: SiloArguments.Help } => Help(),
                { Mode: SiloArguments.Version } => Version(),
                { Mode: SiloArguments.Check } => await SiloCheck.Run(args, Console.Out),
                { Mode: SiloArguments.Probe } => await HealthProbe.Run(args, Console.Out) ? Done : Failed,
                _ => await Live(args, configure),
            };
        }
        catch (OptionsValidationException wrong)
        {
            return Fail(string.Join('\n', wrong.Failures), wrong, WrongUse);
        }
        catch (StateDirectoryException held) when (held.IsHeld)
        {
            return Fail(held.Message, held, SiloFinder.OtherSiloHolds);
        }
        catch (StateDirectoryException wrong)
        {
            return Fail(wrong.Message, wrong, WrongUse);
        }
        catch (Exception failure)
        {
            return Fail(FailureText.Unexpected(failure), failure, Failed);
        }
    }

    private static async Task<int> Live(string[] args, Action<IServiceCollection>? configure)
    {
        using var silo = SiloHost.Build(args, configure);
        try
        {
            await silo.StartAsync();
        }
        catch (Exception failure)
        {
            // The log has all of it.
            return Fail($"the silo cannot start ({FailureText.Line(failure.GetBaseException())}); try {SiloArguments.Check}", failure, Failed);
        }

        if (await SiloHost.WaitForEnd(silo)) return Done;

        // Disposing waits, too.
        Say("the silo was not done within DrainWithin and ends as it stands");
        Environment.Exit(Done);
        return Done;
    }

    private static int Help()
    {
        foreach (var line in OptionHelp.Lines(OptionCatalog.Silo)) Console.WriteLine(line);
        return Done;
    }

    private static int Version()
    {
        Console.WriteLine(typeof(SiloProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        return Done;
    }

    private static int Fail(string line, Exception failure, int code)
    {
        Say(FailureText.ShowsAll ? $"{line}\n{failure}" : line);
        return code;
    }

    private static void Say(string line) => QuietWriter.Error().WriteLine(line);
}
