using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;
using OwnModel;

// A silo like Basgd.Silo, with the same options and models, and one model more.
return await SiloProgram.Run(args, static services => services.AddWorkload<Mine>());
