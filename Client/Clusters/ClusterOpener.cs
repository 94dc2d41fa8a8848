using System.Net;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Clusters;

/// <summary>Connects to an address, to the silo on a state directory, or to one that it starts there.</summary>
internal sealed class ClusterOpener(IAnsiConsole console) : IClusterOpener
{
    public async Task<ICluster> Open(ClusterTarget target, CancellationToken cancellationToken)
    {
        if (target.Address is { } address)
        {
            if (ClusterAddress.IsRedis(address) || ClusterAddress.IsPostgres(address)) return new OrleansCluster(await OrleansConnection.Open(address, target.ClusterId, target.Credentials, cancellationToken), [], silo: null, state: null, target.Credentials);
            var gateways = await ClusterTarget.Resolve(address, cancellationToken);
            var answering = await Task.WhenAll(gateways.Select(gateway => SiloAnnouncement.Answers(gateway, cancellationToken)));
            IPEndPoint[] open = [.. gateways.Zip(answering).Where(static pair => pair.Second).Select(static pair => pair.First)];
            if (open.Length == 0) throw new ClusterException($"cluster = {address}: nothing takes connections there");
            return new OrleansCluster(await OrleansConnection.Open(open, target.ClusterId, target.Credentials, cancellationToken), open, silo: null, state: null, target.Credentials);
        }

        var state = Path.GetFullPath(target.State);
        if (await SiloAnnouncement.FindLive(state, cancellationToken) is { } running) return await Attach(running, state, target.Credentials, cancellationToken);
        if (target.Start is not { } start) throw new ClusterException($"state = {target.State}: no silo runs there; `resume NAME{target.Arguments}` starts one and goes on");
        return await StartSilo(target.State, state, start, target.Credentials, cancellationToken);
    }

    private async Task<ICluster> StartSilo(string shown, string state, SiloStart start, Credentials credentials, CancellationToken cancellationToken)
    {
        console.WriteLine($"starting a silo on {shown}");
        LocalSilo silo;
        SiloAnnouncement announcement;
        try
        {
            (silo, announcement) = await LocalSilo.Start(state, start, cancellationToken);
            if (announcement.Page is { } page) console.WriteLine($"live page: {page}");
        }
        catch (ClusterException)
        {
            // Another command may have been quicker.
            if (await SiloAnnouncement.FindLive(state, cancellationToken) is not { } quicker) throw;
            return await Attach(quicker, state, credentials, cancellationToken);
        }

        try
        {
            return new OrleansCluster(await OrleansConnection.Open([announcement.Endpoint], ClusterTarget.DefaultClusterId, credentials, cancellationToken), [announcement.Endpoint], silo, state, credentials);
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    private static async Task<ICluster> Attach(SiloAnnouncement silo, string state, Credentials credentials, CancellationToken cancellationToken) =>
        new OrleansCluster(await OrleansConnection.Open([silo.Endpoint], ClusterTarget.DefaultClusterId, credentials, cancellationToken), [silo.Endpoint], silo: null, state, credentials);
}
