using Basgd.Silo.Hosting;
using Microsoft.Extensions.Options;

try
{
    await SiloHost.Build(args).RunAsync();
    return 0;
}
catch (Exception failure) when (failure is OptionsValidationException or StateDirectoryException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 2;
}
