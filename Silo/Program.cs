using Basgd.Silo.Hosting;

return await SiloProgram.Run(args);
