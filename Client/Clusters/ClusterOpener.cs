using System.Net;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Clusters;

/// <summary>Connects to an address or to the silo on a state directory, starts one there, or reads the files.</summary>
internal sealed class ClusterOpener(IAnsiConsole console, TimeProvider time) : IClusterOpener
{
    public async Task<ICluster> Open(ClusterTarget target, CancellationToken cancellationToken)
    {
        if (target.Address is { } address) return new OrleansCluster(await Connect(address, target, cancellationToken));
        Prepare(target);
        if (await LocalCluster.Open(target, console, time, cancellationToken) is { } local) return local;
        return target.Use is StateUse.Read or StateUse.List
            ? new StoredCluster(target, new SiloReader(Path.GetFullPath(target.State)))
            : throw new ClusterException($"state = {target.State}: no silo runs there; {FollowUp.Program} resume NAME{target.Arguments} starts one and goes on");
    }

    private static async Task<OrleansConnection> Connect(string address, ClusterTarget target, CancellationToken cancellationToken)
    {
        if (ClusterAddress.IsRedis(address) || ClusterAddress.IsPostgres(address)) return await OrleansConnection.Open(address, target.ClusterId, target.Credentials, cancellationToken);
        var gateways = await ClusterTarget.Resolve(address, cancellationToken);
        var answering = await Task.WhenAll(gateways.Select(gateway => Gateway.Answers(gateway, cancellationToken)));
        IPEndPoint[] open = [.. gateways.Zip(answering).Where(static pair => pair.Second).Select(static pair => pair.First)];
        if (open.Length == 0) throw new ClusterException($"cluster = {address}: nothing takes connections there");
        return await OrleansConnection.Open(open, target.ClusterId, target.Credentials, life: null, cancellationToken);
    }

    /// <summary>A state directory that does not exist is made for a new job, and is a mistake anywhere else.</summary>
    private static void Prepare(ClusterTarget target)
    {
        if (Directory.Exists(target.State) || (target.Use == StateUse.List && target.State == ClusterTarget.DefaultState)) return;
        if (target.Use != StateUse.Make) throw new UsageException($"state = {target.State}: no such directory; `train` and `submit` make one");
        try
        {
            Directory.CreateDirectory(target.State);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"state = {target.State}: must be a directory ({failure.Message})");
        }
    }
}
