using Basgd.Client;
using Basgd.Client.Clusters;
using Basgd.Contracts.Programs;

LastWords.OfThisProgram();
using var interrupt = new Interrupt();
var terminal = Terminal.Of(Console.In, Console.Out, QuietWriter.Error());
return await new Cli(new Context(terminal, new ClusterOpener(terminal.Error, TimeProvider.System), TimeProvider.System, interrupt.Token)).Run(args);
