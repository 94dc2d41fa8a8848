using Basgd.Aggregation;
using Basgd.Aggregation.Memory;

namespace Basgd.Simulator;

/// <summary>
/// Byzantine workers who see the newest gradient of every honest worker, and forge together; <see cref="SimulationSpec.Attack"/> says
/// what that means. Where there are too few for the attack, as while most workers have not come yet, an attacker sends an honest
/// gradient of its own.
/// </summary>
internal sealed class Colluders
{
    private readonly ICollusiveAttack attack;
    private readonly IRule<float> rule;
    private readonly int attackers;
    private readonly int fewest;

    private Colluders(ICollusiveAttack attack, IRule<float> rule, int attackers, int honest)
    {
        (this.attack, this.rule, this.attackers) = (attack, rule, attackers);
        fewest = Fewest(honest);
    }

    /// <summary>Null where the attack is not a collusive one.</summary>
    /// <exception cref="ArgumentException">The attack's parameters are wrong, or all honest workers together are too few for it.</exception>
    public static Colluders? Create(SimulationSpec spec)
    {
        if (!spec.Colludes()) return null;
        var (rule, f) = spec.RuleOverWorkers();
        return new Colluders(Attacks.CreateCollusive(spec.Attack), Rules.Create<float>(rule, f, spec.AggregationThreads), spec.Byzantine, spec.Workers - spec.Byzantine);
    }

    /// <summary>What every attacker sends; false, and nothing is filled in, where there are too few honest gradients.</summary>
    /// <param name="honest">The newest of each honest worker that has one, by worker.</param>
    public bool TryForge(IReadOnlyList<ParameterVector> honest, long round, Span<float> forged)
    {
        if (honest.Count < fewest) return false;
        attack.Forge([.. honest.Select(static gradient => (ReadOnlyMemory<float>)gradient.Memory)], new AttackTarget<float>(rule, attackers, round), forged);
        return true;
    }

    /// <summary>How many vectors the attack and the rule that it aims at need, found by trying.</summary>
    private int Fewest(int honest)
    {
        Try(honest);
        var (low, high) = (1, honest);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Takes(middle)) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private bool Takes(int honest)
    {
        try
        {
            Try(honest);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Try(int honest)
    {
        ReadOnlyMemory<float> zero = new float[1];
        attack.Forge([.. Enumerable.Repeat(zero, honest)], new AttackTarget<float>(rule, attackers), new float[1]);
    }
}
