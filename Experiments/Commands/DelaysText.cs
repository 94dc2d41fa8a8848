using Basgd.Aggregation;
using Basgd.Simulator;

namespace Basgd.Experiments.Commands;

/// <summary>Delay models as they are written: <c>normal(deviation=1)</c>, in the form of rules and attacks.</summary>
internal static class DelaysText
{
    public const string Known = "constant(seconds=1), normal(computing=1, mean=0, deviation=1, per-worker=1), exponential(computing=1, rate=1, per-worker=0), pareto(shortest=1, shape=1.5, per-worker=0)";

    /// <exception cref="ArgumentException">Malformed or unknown.</exception>
    public static IDelayModel Parse(string text)
    {
        if (!NamedParameters.TryParse(text, out var asked)) throw Wrong(text);
        var left = asked.Parameters.Keys.ToHashSet();
        double Take(string key, double otherwise) => left.Remove(key) ? asked.Parameters[key] : otherwise;
        IDelayModel model = asked.Name switch
        {
            "constant" => new ConstantDelays(Take("seconds", 1)),
            "normal" => new TruncatedNormalDelays(Take("computing", 1), Take("mean", 0), Take("deviation", 1), Take("per-worker", 1) != 0),
            "exponential" => new ExponentialDelays(Take("computing", 1), Take("rate", 1), Take("per-worker", 0) != 0),
            "pareto" => new ParetoDelays(Take("shortest", 1), Take("shape", 1.5), Take("per-worker", 0) != 0),
            _ => throw Wrong(text),
        };
        return left.Count == 0 ? model : throw Wrong(text);
    }

    private static ArgumentException Wrong(string text) => new($"delays = {text}: must be one of {Known}");
}
