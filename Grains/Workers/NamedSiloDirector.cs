using Orleans.Concurrency;
using Orleans.Runtime.Placement;

namespace Basgd.Grains;

/// <summary>
/// Places a stateless worker on the silo that its key names, if that silo is active and has the class. Without a name it does as
/// Orleans does: this silo if it has the class, else any other. Takes the place of Orleans' own director.
/// </summary>
internal sealed class NamedSiloDirector : IPlacementDirector
{
    /// <summary>No job's name has it.</summary>
    private const char Separator = '@';

    private uint turn;

    /// <summary>The strategy of stateless workers, whose type is Orleans' own.</summary>
    public static Type Strategy => new StatelessWorkerAttribute().PlacementStrategy.GetType();

    /// <summary>The key of a job's stateless worker on a silo.</summary>
    public static string Key(string job, string silo) => $"{job}{Separator}{silo}";

    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var key = target.GrainIdentity.Key.ToString()!;
        var name = key[(key.IndexOf(Separator) + 1)..];
        if (silos.FirstOrDefault(silo => silo.ToString() == name) is { } named) return Task.FromResult(named);
        if (!context.LocalSiloStatus.IsTerminating() && silos.Contains(context.LocalSilo)) return Task.FromResult(context.LocalSilo);
        return Task.FromResult(silos[(int)(Interlocked.Increment(ref turn) % (uint)silos.Length)]);
    }
}
