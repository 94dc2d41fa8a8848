using System.CommandLine;
using System.Globalization;
using Basgd.Client.Clusters;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>silos</c>: who is in the cluster, what for, and how many workers each acts as.</summary>
internal static class SilosVerb
{
    public static Command Build(Context context)
    {
        var clusters = new ClusterOptions();
        var verb = new Command("silos", "List the silos of the cluster: role, status, workers leased.");
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            var target = clusters.ToRead(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var silos = await cluster.Silos.List().WaitAsync(context.Interrupted);
            var leases = silos.Count == 0 ? [] : await Leases(cluster).WaitAsync(context.Interrupted);
            var rows = silos.Select(silo => new SiloRow(silo.Address, silo.Gateway, silo.Role, silo.Status, silo.Started, leases.GetValueOrDefault(silo.Address))).ToList();
            if (parse.WantsJson()) context.Terminal.WriteJson(rows);
            else if (rows.Count == 0) context.Terminal.Out.WriteLine($"no silo runs on {target.State}");
            else Write(context.Terminal.Out, rows);
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Leases by the address of the silo that holds them.</summary>
    private static async Task<Dictionary<string, int>> Leases(ICluster cluster)
    {
        var running = (await cluster.Jobs.List()).Where(static job => job.Phase == JobPhase.Running);
        var statuses = await Task.WhenAll(running.Select(job => cluster.Job(job.Name).GetStatus()));
        return statuses.SelectMany(static status => status.Leases).CountBy(static lease => lease.Silo).ToDictionary();
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<SiloRow> rows)
    {
        var grid = new Grid();
        for (var column = 0; column < 5; column++) grid.AddColumn(new GridColumn().NoWrap().PadRight(2));
        grid.AddRow("gateway", "role", "status", "leases", "since");
        foreach (var row in rows)
            grid.AddRow(new Text(row.Gateway, new Style(decoration: Decoration.Bold)), new Text(row.Role), new Text(row.Status), new Text($"{row.Leases}"), new Text(row.Started.ToString("u", CultureInfo.InvariantCulture)));
        console.Write(grid);
    }

    private sealed record SiloRow(string Address, string Gateway, string Role, string Status, DateTimeOffset Started, int Leases);
}
