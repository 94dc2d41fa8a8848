using System.Text.Json;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>The real silo, as a process of its own on a state directory, and a client of it. Disposing kills it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Ready = "ready ";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(60);
    private readonly Program program;
    private readonly ClusterClient client;

    private SiloProcess(Program program, ClusterClient client, Uri? page) => (this.program, this.client, Page) = (program, client, page);

    /// <summary>Where its live page is; null where it has none.</summary>
    public Uri? Page { get; }

    /// <summary>Starts it and waits until it takes clients.</summary>
    /// <param name="arguments">More of them, such as <c>--page-port</c>.</param>
    /// <param name="environment">Options that must not be read from a command line.</param>
    /// <param name="host">Another program that is a silo.</param>
    public static async Task<SiloProcess> Start(
        string state, IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null, string? host = null)
    {
        var ready = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var program = Program.Start(host ?? Built.Silo, ["--state", state, .. arguments ?? []], line =>
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) ready.TrySetResult(JsonDocument.Parse(line[Ready.Length..]).RootElement);
        }, environment);
        try
        {
            var ended = program.Ended(StartTime);
            if (await Task.WhenAny(ready.Task, ended) == ended) throw new InvalidOperationException($"the silo ended with {await ended} before it was ready\n{program.Printed}");
            var announced = await ready.Task;
            var page = announced.GetProperty("page").GetString();
            return new SiloProcess(program, await ClusterClient.Connect(announced.GetProperty("gateway").GetInt32()), page is null ? null : new Uri(page));
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public ITrainingJobGrain Job(string name) => client.Job(name);

    /// <inheritdoc cref="ClusterClient.Until"/>
    public async Task<JobStatus> Until(string name, Func<JobStatus, bool> wanted, TimeSpan within)
    {
        try
        {
            return await client.Until(name, wanted, within);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            throw new TimeoutException($"{failure.Message}\n{program.Printed}", failure);
        }
    }

    /// <summary>Submits a job and sees it to its end.</summary>
    public async Task<JobStatus> Train(JobSpec spec, TimeSpan within)
    {
        await Job(spec.EffectiveName).Submit(spec);
        return await Until(spec.EffectiveName, static status => status.Phase != JobPhase.Running, within);
    }

    /// <summary>kill -9.</summary>
    public Task Kill() => program.Kill();

    /// <summary>Asks it to end, as a service manager does, and expects a clean exit without an error in the log.</summary>
    public async Task Drain()
    {
        program.AskToEnd();
        (await program.Ended(DrainTime)).ShouldBe(0, program.Printed);
        program.Printed.Split('\n').Where(static line => line.Contains("fail: ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        await client.DisposeAsync();
    }
}
