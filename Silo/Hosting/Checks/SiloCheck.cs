using System.Net.Sockets;
using Basgd.Silo.Hosting.Clustering;
using Basgd.Silo.Hosting.Configuration;
using Basgd.Silo.Storage;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting.Checks;

/// <summary><c>Silo --check</c>: tries what a silo of this configuration would use, and starts none.</summary>
public static class SiloCheck
{
    /// <summary>The switch.</summary>
    public const string Switch = SiloArguments.Check;

    private const int MaxLength = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Prints a line for each thing tried. No line has a password, a key or a connection string.</summary>
    /// <returns>The exit code: 0 if all of it works, 1 if something does not, 2 if options are wrong.</returns>
    public static async Task<int> Run(string[] args, TextWriter output)
    {
        SiloSettings settings;
        try
        {
            var arguments = SiloArguments.Parse(args);
            settings = SiloSettings.Read(SiloHost.CreateBuilder(arguments).Configuration, arguments.Problems);
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures) await output.WriteLineAsync($"wrong   {failure}");
            return 2;
        }

        await using var storage = settings.Storage;
        var works = true;
        foreach (var (name, attempt) in Attempts(settings))
        {
            var problem = await Try(attempt);
            await output.WriteLineAsync(settings.Secrets.Redact(problem is null ? $"ok      {name}" : $"failed  {name}: {problem}"));
            works &= problem is null;
        }

        return works ? 0 : 1;
    }

    private static IEnumerable<(string Name, Func<Task> Attempt)> Attempts(SiloSettings settings)
    {
        var silo = settings.Silo;
        yield return ($"{SiloSettings.Section}:State = {silo.State}: written", () => Task.Run(() => StateDirectory.Hold(silo.State).Dispose()));
        foreach (var (option, port) in new[] { (nameof(silo.SiloPort), silo.SiloPort), (nameof(silo.GatewayPort), silo.GatewayPort), (nameof(silo.HealthPort), silo.HealthPort) })
            if (port != 0) yield return ($"{SiloSettings.Section}:{option} = {port}: free on {settings.Address}", () => Task.Run(() => Listen(settings, port)));
        foreach (var (name, attempt) in MachineNeeds.Of(settings)) yield return (name, () => Task.Run(attempt));

        var cluster = settings.Cluster;
        if (cluster.Provider == ClusteringOptions.Redis) yield return ($"{SiloClustering.Section}: membership in redis reached", () => RedisConnection.Reach(cluster.Connection));
        if (cluster.Provider == ClusteringOptions.Postgres) yield return ($"{SiloClustering.Section}: membership in postgres reached, its tables made", () => PostgresMembership.Prepare(cluster.Connection, CancellationToken.None));
        if (cluster.Provider != ClusteringOptions.Local) yield return ($"{SiloClustering.Section}: let in by the silos that run", () => JoinCheck.Run(settings, CancellationToken.None));

        if (settings.Storage is not { } storage) yield break;
        yield return ($"{SiloStorage.Section}: a state written, read and deleted", () => Use(storage));
    }

    private static void Listen(SiloSettings settings, int port)
    {
        using var listener = new TcpListener(settings.Address, port);
        listener.Start();
    }

    private static async Task Use(SiloStorage storage)
    {
        // A connection of its own says why it fails; the store's would try again for long.
        if (storage.Blobs is RedisBlobStore) await RedisConnection.Reach(storage.Secret);
        var blobs = storage.Blobs;
        var name = $"check/{Guid.NewGuid():N}";
        byte[] written = [1, 2, 3];
        var eTag = await blobs.Write(name, written, null);
        var read = await blobs.Read(name, 0);
        await blobs.Delete(name, eTag);
        if (read is null || !read.Content.Span.SequenceEqual(written)) throw new IOException("what was read is not what was written");
    }

    /// <returns>Null where it works.</returns>
    private static async Task<string?> Try(Func<Task> attempt)
    {
        try
        {
            await attempt().WaitAsync(Patience);
            return null;
        }
        catch (TimeoutException)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
        catch (Exception failure)
        {
            return failure.GetBaseException() is var cause && cause != failure ? $"{FirstWords(failure)} ({FirstWords(cause)})" : FirstWords(failure);
        }
    }

    /// <summary>Further lines are headers of an answer, or a stack. The first one often ends with the remedy, so it is kept whole.</summary>
    private static string FirstWords(Exception failure)
    {
        var line = failure.Message.Split('\n')[0].Trim();
        return line.Length > MaxLength ? $"{line[..MaxLength]}…" : line;
    }
}
