using Basgd.Contracts;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Basgd.Grains;

/// <summary>
/// Reads the membership table, and the roles that silos give themselves in their metadata. What silos report is kept in memory only:
/// they do so again now and then.
/// </summary>
public sealed class SiloDirectoryGrain(ISiloMetadataCache metadata, ISiloStatusOracle silos) : Grain, ISiloDirectoryGrain
{
    /// <summary>Where a silo's metadata has its role.</summary>
    public const string RoleKey = "basgd.role";

    /// <summary>The one role whose silos do not compute.</summary>
    public const string ServerRole = "server";

    private const int MostDead = 20;

    private readonly Dictionary<string, SiloReport> reports = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloEntry>> List() => [.. (await Read()).Where(static silo => silo.Status != SiloStatus.Dead).OrderBy(static silo => silo.SiloAddress.ToString()).Select(Entry)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloEntry>> ListDead() => [.. (await Read()).Where(static silo => silo.Status == SiloStatus.Dead).OrderByDescending(static silo => silo.IAmAliveTime).Take(MostDead).Select(Entry)];

    /// <inheritdoc/>
    public Task Report(SiloReport report)
    {
        reports[report.Address] = report;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SiloReports> GetReports()
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.ToDictionary(static silo => silo.ToString());
        foreach (var gone in reports.Keys.Except(active.Keys).ToList()) reports.Remove(gone);
        var silent = active.Where(silo => !reports.ContainsKey(silo.Key)).Select(static silo => silo.Value);
        return Task.FromResult(new SiloReports([.. reports.Values.OrderBy(static report => report.Address)], silent.All(silo => RoleOf(silo) == ServerRole)));
    }

    private async Task<MembershipEntry[]> Read() => await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);

    private SiloEntry Entry(MembershipEntry silo) => new(
        silo.SiloAddress.ToString(),
        $"{silo.SiloAddress.Endpoint.Address}:{silo.ProxyPort}",
        RoleOf(silo.SiloAddress),
        silo.Status.ToString().ToLowerInvariant(),
        new DateTimeOffset(silo.StartTime, TimeSpan.Zero),
        new DateTimeOffset(silo.IAmAliveTime, TimeSpan.Zero))
    {
        Slots = ReportOf(silo)?.Slots,
        Taken = ReportOf(silo)?.Taken,
        Devices = ReportOf(silo)?.Devices ?? [],
    };

    /// <summary>Empty where it has not said yet.</summary>
    private string RoleOf(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(RoleKey, "");

    private SiloReport? ReportOf(MembershipEntry silo) => reports.GetValueOrDefault(silo.SiloAddress.ToString());
}
