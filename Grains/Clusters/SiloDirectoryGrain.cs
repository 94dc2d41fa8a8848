using Basgd.Contracts;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Basgd.Grains;

/// <summary>Reads the membership table, and the roles that silos give themselves in their metadata.</summary>
public sealed class SiloDirectoryGrain(ISiloMetadataCache metadata) : Grain, ISiloDirectoryGrain
{
    /// <summary>Where a silo's metadata has its role.</summary>
    public const string RoleKey = "basgd.role";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloEntry>> List()
    {
        var silos = await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);
        return
        [
            .. from silo in silos
               where silo.Status != SiloStatus.Dead
               orderby silo.SiloAddress.ToString()
               select new SiloEntry(
                   silo.SiloAddress.ToString(),
                   $"{silo.SiloAddress.Endpoint.Address}:{silo.ProxyPort}",
                   metadata.GetSiloMetadata(silo.SiloAddress).Metadata.GetValueOrDefault(RoleKey, ""),
                   silo.Status.ToString().ToLowerInvariant(),
                   new DateTimeOffset(silo.StartTime, TimeSpan.Zero)),
        ];
    }
}
