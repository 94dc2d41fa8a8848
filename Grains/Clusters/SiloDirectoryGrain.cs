using Basgd.Contracts;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Basgd.Grains;

/// <summary>Reads the membership table, and the roles that silos give themselves in their metadata.</summary>
public sealed class SiloDirectoryGrain(ISiloMetadataCache metadata) : Grain, ISiloDirectoryGrain
{
    /// <summary>Where a silo's metadata has its role.</summary>
    public const string RoleKey = "basgd.role";

    private const int MostDead = 20;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloEntry>> List() => [.. (await Read()).Where(static silo => silo.Status != SiloStatus.Dead).OrderBy(static silo => silo.SiloAddress.ToString()).Select(Entry)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloEntry>> ListDead() => [.. (await Read()).Where(static silo => silo.Status == SiloStatus.Dead).OrderByDescending(static silo => silo.IAmAliveTime).Take(MostDead).Select(Entry)];

    private async Task<MembershipEntry[]> Read() => await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);

    private SiloEntry Entry(MembershipEntry silo) => new(
        silo.SiloAddress.ToString(),
        $"{silo.SiloAddress.Endpoint.Address}:{silo.ProxyPort}",
        metadata.GetSiloMetadata(silo.SiloAddress).Metadata.GetValueOrDefault(RoleKey, ""),
        silo.Status.ToString().ToLowerInvariant(),
        new DateTimeOffset(silo.StartTime, TimeSpan.Zero),
        new DateTimeOffset(silo.IAmAliveTime, TimeSpan.Zero));
}
