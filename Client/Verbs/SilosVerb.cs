using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Basgd.Client.Clusters;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console;

namespace Basgd.Client.Verbs;

/// <summary><c>silos</c>: which silos are in the cluster, what for, how many workers each acts as, and which running jobs it cannot run.</summary>
internal static class SilosVerb
{
    public static Command Build(Context context)
    {
        var clusters = new ClusterOptions();
        var verb = new Command("silos", "List the silos of the cluster: role, status, workers leased, slots, devices, and running jobs that they cannot run.");
        clusters.AddTo(verb, mayTrain: false);
        verb.SetAction(async parse =>
        {
            var target = clusters.ToRead(parse);
            await using var cluster = await context.Clusters.Open(target, context.Interrupted);
            var silos = await cluster.Silos.List().WaitAsync(context.Interrupted);
            var jobs = silos.Count == 0 ? [] : await Running(cluster).WaitAsync(context.Interrupted);
            var leases = jobs.SelectMany(static job => job.Leases).CountBy(static lease => lease.Silo).ToDictionary();
            var obstacles = jobs
                .SelectMany(static job => job.Obstacles, static (job, obstacle) => (obstacle.Silo, Job: job.Name, obstacle.Reason))
                .ToLookup(static entry => entry.Silo);
            var rows = silos.Select(silo => new SiloRow(silo.Address, silo.Gateway, silo.Role, silo.Status, silo.Started, leases.GetValueOrDefault(silo.Address))
            {
                Slots = silo.Slots,
                Taken = silo.Taken,
                Devices = silo.Devices,
                CannotRun = [.. obstacles[silo.Address].Select(static entry => new JobObstacle(entry.Job, entry.Reason))],
            }).ToList();
            if (parse.WantsJson()) context.Terminal.WriteJson(rows);
            else if (rows.Count == 0) context.Terminal.Out.WriteLine($"no silo runs on {target.State}");
            else Write(context.Terminal.Out, rows);
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<JobStatus[]> Running(ICluster cluster)
    {
        var running = (await cluster.Jobs.List()).Where(static job => job.Phase == JobPhase.Running);
        return await Task.WhenAll(running.Select(job => cluster.Job(job.Name).GetStatus()));
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<SiloRow> rows)
    {
        console.WriteTable(
        [
            ["gateway", "role", "status", "leases", "slots", "devices", "since"],
            .. rows.Select(static row => (string[])[row.Gateway, row.Role, row.Status, $"{row.Leases}", row.ShownSlots, row.ShownDevices, row.Started.ToString("u", CultureInfo.InvariantCulture)]),
        ]);
        foreach (var row in rows)
            foreach (var obstacle in row.CannotRun) console.WriteLine(Show.CannotRun(new SiloObstacle(row.Gateway, obstacle.Reason), obstacle.Job));
    }

    private sealed record SiloRow(string Address, string Gateway, string Role, string Status, DateTimeOffset Started, int Leases)
    {
        public int? Slots { get; init; }

        public int? Taken { get; init; }

        public IReadOnlyList<string> Devices { get; init; } = [];

        public IReadOnlyList<JobObstacle> CannotRun { get; init; } = [];

        /// <summary>Taken of all; for a silo that has not said, neither.</summary>
        [JsonIgnore]
        public string ShownSlots => Slots is null ? Show.Nothing : $"{Taken}/{Slots}";

        [JsonIgnore]
        public string ShownDevices => Devices.Count == 0 ? Show.Nothing : string.Join(',', Devices);
    }

    private sealed record JobObstacle(string Job, string Reason);
}
