using Basgd.Contracts.Programs;
using Basgd.Experiments.Commands;

LastWords.OfThisProgram();
return await Cli.Run(args, Console.Out, QuietWriter.Error());
