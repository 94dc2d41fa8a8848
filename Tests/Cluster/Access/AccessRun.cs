using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts.Access;
using Basgd.Contracts.Connections;

namespace Basgd.Cluster.Tests.Access;

/// <summary>Real silos that ask for tokens or certificates, and the real <c>basgd</c> command.</summary>
internal static class AccessRun
{
    public const string Act = "a-token-that-may-act";
    public const string Look = "a-token-that-may-look";
    public const string Page = "a-token-of-the-page";
    public const string Wrong = "another-token-altogether";

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Of a job that ends in no time; <c>--steps</c> is to follow.</summary>
    public static readonly IReadOnlyList<string> Job = ["--name", "guarded", "--dataset", "synthetic", "--model", "softmax", "--lr", "0.05", "--steps"];

    public static Dictionary<string, string> Tokens => new() { ["Basgd__Access__ActToken"] = Act, ["Basgd__Access__LookToken"] = Look };

    /// <summary>What nobody may ever print: tokens, and what goes with calls in place of them.</summary>
    private static IEnumerable<string> Secrets => [Act, Look, Page, Token.Ticket(Act), Token.Ticket(Look)];

    /// <summary>Registered and stored at a Redis.</summary>
    public static Dictionary<string, string> At(string redis) => new()
    {
        ["Basgd__Cluster__Provider"] = "redis",
        ["Basgd__Cluster__Connection"] = redis,
        ["Basgd__Storage__Provider"] = "redis",
        ["Basgd__Storage__Redis__Connection"] = redis,
    };

    /// <summary>The options and more, which go before those of the same name.</summary>
    public static Dictionary<string, string> With(this Dictionary<string, string> options, Dictionary<string, string> more)
    {
        var all = new Dictionary<string, string>(options);
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    public static Dictionary<string, string> With(this Dictionary<string, string> options, TlsFiles files) => options.With(new Dictionary<string, string>
    {
        ["Basgd__Tls__Certificate"] = files.Certificate,
        ["Basgd__Tls__Key"] = files.Key,
        ["Basgd__Tls__Authority"] = files.Authority,
    });

    /// <summary>For <c>basgd</c>.</summary>
    public static string[] Options(this TlsFiles files) => ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-authority", files.Authority];

    /// <summary>Starts a silo and waits until it is ready.</summary>
    public static async Task<Program> Start(IEnumerable<string> arguments, Dictionary<string, string> options)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silo = StartAlone(arguments, options, ready.SetResult);
        var ended = silo.Ended(Limit);
        if (await Task.WhenAny(ready.Task, ended) == ended) throw new InvalidOperationException($"the silo was not ready\n{silo.Printed}");
        return silo;
    }

    /// <summary>Starts a silo that may never be ready.</summary>
    public static Program StartAlone(IEnumerable<string> arguments, Dictionary<string, string> options, Action? ready = null) =>
        Program.Start(
            Built.Silo,
            arguments,
            line =>
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal)) ready?.Invoke();
            },
            options);

    /// <summary>Waits until it has printed this.</summary>
    public static async Task Prints(this Program program, string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!program.Printed.Contains(text, StringComparison.Ordinal)) await look.WaitForNextTickAsync(limit.Token);
    }

    /// <returns>What it printed.</returns>
    public static async Task<string> Ask(int exitCode, string? token, IReadOnlyList<string> arguments)
    {
        await using var basgd = Program.Start(Built.Client, arguments, environment: new Dictionary<string, string> { ["BASGD_TOKEN"] = token ?? "" });
        (await basgd.Ended(Limit)).ShouldBe(exitCode, $"{string.Join(' ', arguments)}\n{basgd.Printed}");
        basgd.Printed.ShouldHaveNoSecret();
        return basgd.Printed;
    }

    public static void ShouldHaveNoSecret(this string printed)
    {
        foreach (var secret in Secrets) printed.ShouldNotContain(secret, Case.Sensitive);
        printed.ShouldNotContain("PRIVATE KEY");
    }
}
