using Basgd.Contracts.Access;
using Orleans.Concurrency;

namespace Basgd.Contracts;

/// <summary>The silos of a cluster. One grain, key 0.</summary>
[Alias("basgd.ISiloDirectoryGrain")]
public interface ISiloDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>The silos that are not known to be dead, by address.</summary>
    [Alias("List"), Look, AlwaysInterleave]
    Task<IReadOnlyList<SiloEntry>> List();

    /// <summary>The silos that ended or were declared dead, newest first, as far as the membership table still has them; at most 20.</summary>
    [Alias("ListDead"), Look, AlwaysInterleave]
    Task<IReadOnlyList<SiloEntry>> ListDead();

    /// <summary>Called by every silo that computes, when something changes and now and then.</summary>
    [Alias("Report")]
    Task Report(SiloReport report);

    /// <summary>What the active silos last reported.</summary>
    [Alias("GetReports"), Look, AlwaysInterleave]
    Task<SiloReports> GetReports();
}

/// <summary>A silo as the cluster knows it.</summary>
/// <param name="Address">As in <see cref="LeaseStatus.Silo"/>.</param>
/// <param name="Gateway">Where clients connect, <c>HOST:PORT</c>.</param>
/// <param name="Role">server, worker or all; empty where it has not said yet.</param>
/// <param name="Status">joining, active, shuttingdown, dead, …</param>
/// <param name="LastHeard">When it last said that it lives, to half a minute.</param>
[GenerateSerializer, Immutable, Alias("basgd.silo-entry")]
public sealed record SiloEntry(
    [property: Id(0)] string Address,
    [property: Id(1)] string Gateway,
    [property: Id(2)] string Role,
    [property: Id(3)] string Status,
    [property: Id(4)] DateTimeOffset Started,
    [property: Id(5)] DateTimeOffset LastHeard = default)
{
    /// <summary>Workers that it may act as at once; null for a silo that does not compute or has not said yet.</summary>
    [Id(6)] public int? Slots { get; init; }

    /// <summary>Workers that it acts as.</summary>
    [Id(7)] public int? Taken { get; init; }

    /// <summary>What it computes on; empty for a silo that does not compute or has not said yet.</summary>
    [Id(8)] public IReadOnlyList<string> Devices { get; init; } = [];
}
