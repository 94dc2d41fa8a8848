using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Checks;
using Microsoft.Extensions.Options;

try
{
    if (args.Contains(SiloCheck.Switch)) return await SiloCheck.Run(args, Console.Out) ? 0 : 1;
    await SiloHost.Build(args).RunAsync();
    return 0;
}
catch (Exception failure) when (failure is OptionsValidationException or StateDirectoryException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 2;
}
