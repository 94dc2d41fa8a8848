using Basgd.Grains.Hosting;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace Basgd.Silo.Hosting;

/// <summary>What a silo is for. Stateless workers compute and live on worker silos; every other grain holds state and lives on server silos.</summary>
public static class SiloRole
{
    public const string Server = Grains.SiloDirectoryGrain.ServerRole;
    public const string Worker = "worker";
    public const string All = "all";

    public static bool Computes(string role) => role != Server;

    public static bool HoldsState(string role) => role != Worker;

    /// <summary>Whether grains of this class may live on silos of the role.</summary>
    public static bool Runs(string role, Type grain) => grain.IsDefined(typeof(StatelessWorkerAttribute), inherit: true) ? Computes(role) : HoldsState(role);

    /// <summary>Takes the classes of other roles away from the silo: no grain of them can be activated there, whoever asks.</summary>
    public static void UseRole(this ISiloBuilder silo, string role) =>
        silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.Assembly == typeof(BasgdServices).Assembly && !Runs(role, type)));
}
