using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;
using OwnModel;

// A silo like Basgd.Silo, with the same options and models, and one model more.
using var silo = SiloHost.Build(args, static services => services.AddWorkload<Mine>());
await silo.StartAsync();

// After SIGTERM. If it is not done within DrainWithin, it ends as it stands: disposing would wait, too.
if (!await SiloHost.WaitForEnd(silo)) Environment.Exit(0);
