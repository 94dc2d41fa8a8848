using Basgd.Contracts.Attaching;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Checks;
using Basgd.Silo.Hosting.Health;
using Basgd.Silo.Hosting.Reading;
using Microsoft.Extensions.Options;

try
{
    if (args.Contains(SiloCheck.Switch)) return await SiloCheck.Run(args, Console.Out) ? 0 : 1;
    if (args is [StateReader.Switch, ..]) return await StateReader.Run(args, Console.Out, Console.Error);
    if (args.Contains(HealthProbe.Switch)) return await HealthProbe.Run(args, Console.Out) ? 0 : 1;
    using var silo = SiloHost.Build(args);
    try
    {
        await silo.StartAsync();
    }
    catch (Exception failure)
    {
        // The log has all of it.
        await Console.Error.WriteLineAsync($"the silo cannot start ({failure.GetBaseException().Message}); try {SiloCheck.Switch}");
        return 1;
    }

    if (await SiloHost.WaitForEnd(silo)) return 0;

    // Disposing waits, too.
    await Console.Error.WriteLineAsync("the silo was not done within DrainWithin and ends as it stands");
    Environment.Exit(0);
    return 0;
}
catch (StateDirectoryException held) when (held.IsHeld)
{
    await Console.Error.WriteLineAsync(held.Message);
    return SiloFinder.OtherSiloHolds;
}
catch (Exception failure) when (failure is OptionsValidationException or StateDirectoryException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 2;
}
