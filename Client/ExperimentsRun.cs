using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.ComponentModel;
using System.Diagnostics;

namespace Basgd.Client;

/// <summary>A verb that the Experiments program answers: it gets the arguments and this process's streams, and its exit code is the answer.</summary>
internal sealed class ExperimentsRun(Context context) : AsynchronousCommandLineAction
{
    public override bool Terminating => true;

    /// <summary>The verb, which takes whatever follows it; help too is the program's to give.</summary>
    public static Command Verb(Context context, string name, string description)
    {
        var run = new ExperimentsRun(context);
        var verb = new Command(name, description) { TreatUnmatchedTokensAsErrors = false, Action = run };
        verb.Add(new HelpOption { Action = run });
        return verb;
    }

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        // The program wants the verb first; --json may stand before it.
        var verb = parseResult.CommandResult.Command.Name;
        var tokens = parseResult.Tokens.Select(static token => token.Value).ToList();
        tokens.Remove(verb);
        string[] arguments = [SiblingProgram.Experiments.Find(), verb, .. tokens];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(SiblingProgram.Dotnet, arguments))!;
            return await ExitCode(process);
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"the experiments cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>Ctrl-C reaches the program by itself; a SIGTERM that only this process got ends it too.</summary>
    private async Task<int> ExitCode(Process process)
    {
        try
        {
            await process.WaitForExitAsync(context.Interrupted);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
