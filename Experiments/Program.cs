using Basgd.Experiments.Commands;

return await Cli.Run(args, Console.Out, Console.Error);
