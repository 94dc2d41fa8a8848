using System.Text.Json;

namespace Basgd.Client.Tests.Fakes;

/// <summary>The command as a user runs it, with streams for a terminal.</summary>
internal sealed class Command
{
    public FakeCluster Cluster { get; init; } = new();

    public InstantTime Time { get; } = new();

    public CancellationTokenSource Interrupt { get; } = new();

    /// <summary>Whether the input is as if typed by a person.</summary>
    public bool IsInputTyped { get; init; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>Standard output as one JSON document; fails where it is anything else.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public Task<int> RunOn(string input, params string[] args) => RunOn(new StringReader(input), args);

    public async Task<int> RunOn(TextReader input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = Terminal.Of(input, output, error) with { IsInputTyped = IsInputTyped };
        var code = await new Cli(new Context(terminal, Cluster, Time, Interrupt.Token)).Run(args);
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public Task<int> Run(params string[] args) => RunOn("", args);
}
