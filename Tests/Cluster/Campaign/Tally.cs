using System.Globalization;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>What a campaign came to.</summary>
internal sealed class Tally
{
    private readonly Dictionary<Fault, int> faults = [];
    private readonly List<TimeSpan> recoveries = [];
    private int schedules;
    private long steps;
    private long contributions;
    private long lost;
    private long doubled;
    private int ended;
    private long resident;

    /// <summary>Columns of <see cref="Row"/>.</summary>
    public const string Head = "| tests | schedules | faults | steps | contributions | lost | doubled | recovery: kills | median s | worst s |";

    /// <param name="residentBytes">Memory of the largest silo once the job was over.</param>
    /// <param name="endedThemselves">Silos that nobody had ended: the others called them dead, or they could not start.</param>
    public void Add(Schedule schedule, Findings findings, IReadOnlyCollection<TimeSpan> recovered, int endedThemselves, long residentBytes)
    {
        schedules++;
        foreach (var planned in schedule.Faults) faults[planned.Fault] = faults.GetValueOrDefault(planned.Fault) + 1;
        steps += findings.Steps;
        contributions += findings.Contributions;
        lost += findings.Lost;
        doubled += findings.Doubled;
        ended += endedThemselves;
        resident = Math.Max(resident, residentBytes);
        recoveries.AddRange(recovered);
    }

    /// <summary>A row of a table, and after it how often there was which fault.</summary>
    public string Row(string name)
    {
        var sorted = recoveries.Order().ToList();
        var (median, worst) = sorted.Count == 0 ? ("-", "-") : (Seconds(sorted[sorted.Count / 2]), Seconds(sorted[^1]));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {Head}
            | {name} | {schedules} | {faults.Values.Sum()} | {steps} | {contributions} | {lost} | {doubled} | {sorted.Count} | {median} | {worst} |
            {string.Join(", ", faults.OrderBy(static fault => fault.Key).Select(static fault => $"{fault.Value} × {fault.Key}"))}; {ended} silos ended by themselves; the largest had {resident >> 20} MiB when a job was over
            """);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
}
