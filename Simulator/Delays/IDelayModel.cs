using Basgd.Learning;

namespace Basgd.Simulator;

/// <summary>How long workers take, in virtual seconds. Stateless and thread-safe: all chance comes from the turn.</summary>
public interface IDelayModel
{
    /// <summary>How the turn goes.</summary>
    Turn Next(TurnStart start);

    /// <summary>What is wrong with the parameters, each problem naming parameter, value and rule.</summary>
    IEnumerable<string> Problems();
}

/// <summary>A worker's turn: it may be away, then it fetches the model and computes, then its gradient arrives.</summary>
/// <param name="Away">Virtual seconds before it fetches the model, ≥ 0; +∞ where it never comes back.</param>
/// <param name="Work">Virtual seconds from there to the arrival of its gradient, &gt; 0.</param>
public readonly record struct Turn(double Away, double Work);

/// <summary>What a turn depends on.</summary>
/// <param name="seed">The simulation's.</param>
/// <param name="worker">0 … m−1.</param>
/// <param name="number">0, 1, 2 …: the worker's how-manieth turn.</param>
/// <param name="now">Virtual seconds since the start of the simulation.</param>
public sealed class TurnStart(ulong seed, int worker, long number, double now)
{
    private Random? random;

    public int Worker => worker;

    public long Number => number;

    public double Now => now;

    /// <summary>A function of seed, worker and turn; models inside one another draw from it one after the other.</summary>
    public Random Random => random ??= new Random(Seeds.Derive(seed, Streams.Turns, worker, number));

    /// <summary>A function of seed and worker: for what belongs to the worker, as the speed of its machine. The same numbers at each call.</summary>
    public Random OfWorker() => new(Seeds.Derive(seed, Streams.Workers, worker));
}
