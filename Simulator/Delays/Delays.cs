namespace Basgd.Simulator;

/// <summary>Every turn takes as long as any other.</summary>
/// <param name="Seconds">&gt; 0. Default: 1.</param>
public sealed record ConstantDelays(double Seconds = 1) : IDelayModel
{
    public Turn Next(TurnStart start) => new(0, Seconds);

    public IEnumerable<string> Problems() => Check.Positive(nameof(Seconds), Seconds);
}

/// <summary>
/// Computing takes c, the delay after it k times that, with k from a normal distribution that is truncated to [0, ∞): with mean 0 and
/// deviation 1 the paper's image experiments (Yang and Li, ICML 2021, 5.2).
/// </summary>
/// <param name="Computing">c &gt; 0. Default: 1.</param>
/// <param name="Mean">Of the normal distribution before it is truncated, ≥ 0. Default: 0.</param>
/// <param name="Deviation">Of the same, ≥ 0. Default: 1.</param>
/// <param name="PerWorker">Whether each worker has one k for good, as slow machines have, or draws one for each gradient. Default: true.</param>
public sealed record TruncatedNormalDelays(double Computing = 1, double Mean = 0, double Deviation = 1, bool PerWorker = true) : IDelayModel
{
    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var random = PerWorker ? start.OfWorker() : start.Random;
        double k;
        do k = Mean + (Deviation * Normal(random));
        while (k < 0);
        return new Turn(0, Computing * (1 + k));
    }

    public IEnumerable<string> Problems() =>
        [.. Check.Positive(nameof(Computing), Computing), .. Check.NotNegative(nameof(Mean), Mean), .. Check.NotNegative(nameof(Deviation), Deviation)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}

/// <summary>
/// Computing takes c, the delay after it k times that, with k from the exponential distribution: with rate 1 the paper's language
/// experiments (Yang and Li, ICML 2021, 5.3).
/// </summary>
/// <param name="Computing">c &gt; 0. Default: 1.</param>
/// <param name="Rate">λ &gt; 0; the mean of k is 1/λ. Default: 1.</param>
/// <param name="PerWorker">As in <see cref="TruncatedNormalDelays"/>. Default: false.</param>
public sealed record ExponentialDelays(double Computing = 1, double Rate = 1, bool PerWorker = false) : IDelayModel
{
    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var random = PerWorker ? start.OfWorker() : start.Random;
        return new Turn(0, Computing * (1 - (Math.Log(1 - random.NextDouble()) / Rate)));
    }

    public IEnumerable<string> Problems() => [.. Check.Positive(nameof(Computing), Computing), .. Check.Positive(nameof(Rate), Rate)];
}

/// <summary>Heavy-tailed: a turn takes s·U^(−1/a), the Pareto distribution. For a ≤ 2 its variance is infinite, for a ≤ 1 its mean.</summary>
/// <param name="Shortest">s &gt; 0, the shortest turn. Default: 1.</param>
/// <param name="Shape">a &gt; 0; small is heavy. Default: 1.5.</param>
/// <param name="PerWorker">As in <see cref="TruncatedNormalDelays"/>. Default: false.</param>
public sealed record ParetoDelays(double Shortest = 1, double Shape = 1.5, bool PerWorker = false) : IDelayModel
{
    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var random = PerWorker ? start.OfWorker() : start.Random;
        return new Turn(0, Shortest * Math.Pow(1 - random.NextDouble(), -1 / Shape));
    }

    public IEnumerable<string> Problems() => [.. Check.Positive(nameof(Shortest), Shortest), .. Check.Positive(nameof(Shape), Shape)];
}

/// <summary>Workers drop out now and then, and return: before a turn with some probability, for a time from the exponential distribution.</summary>
/// <param name="Inner">How long turns take otherwise.</param>
/// <param name="Probability">Of dropping out before a turn, 0 … 1.</param>
/// <param name="MeanSeconds">Mean time away, &gt; 0.</param>
public sealed record DropOutDelays(IDelayModel Inner, double Probability, double MeanSeconds) : IDelayModel
{
    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var turn = Inner.Next(start);
        var (chance, length) = (start.Random.NextDouble(), start.Random.NextDouble());
        return chance < Probability ? turn with { Away = turn.Away - (MeanSeconds * Math.Log(1 - length)) } : turn;
    }

    public IEnumerable<string> Problems() => [.. Inner.Problems(), .. Check.Share(nameof(Probability), Probability), .. Check.Positive(nameof(MeanSeconds), MeanSeconds)];
}

/// <summary>Some workers take no turn in a span of time; what they had in flight when it began still arrives.</summary>
/// <param name="Inner">How long turns take otherwise.</param>
/// <param name="Workers">Who is away.</param>
/// <param name="From">Virtual seconds, ≥ 0.</param>
/// <param name="Until">Virtual seconds, ≥ <paramref name="From"/>; +∞ where they never come back.</param>
public sealed record OutageDelays(IDelayModel Inner, IReadOnlySet<int> Workers, double From, double Until) : IDelayModel
{
    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var turn = Inner.Next(start);
        var back = start.Now + turn.Away;
        return Workers.Contains(start.Worker) && back >= From && back < Until ? turn with { Away = Until - start.Now } : turn;
    }

    public IEnumerable<string> Problems()
    {
        foreach (var problem in Inner.Problems()) yield return problem;
        if (!(From >= 0)) yield return $"{nameof(From)} = {From}: must be >= 0";
        if (!(Until >= From)) yield return $"{nameof(Until)} = {Until}: must be >= {nameof(From)} = {From}";
    }
}

/// <summary>Some workers are so many times as fast: 10 for an attacker who floods, 0.1 for a straggler.</summary>
/// <param name="Inner">How long turns take at rate 1.</param>
/// <param name="Rates">By worker, &gt; 0; 1 for who is not in it.</param>
public sealed record RatedDelays(IDelayModel Inner, IReadOnlyDictionary<int, double> Rates) : IDelayModel
{
    /// <summary>The last so many workers, as the Byzantine ones are, all at one rate.</summary>
    public static RatedDelays OfLast(int count, int workers, double rate, IDelayModel inner) =>
        new(inner, Enumerable.Range(workers - count, count).ToDictionary(static worker => worker, _ => rate));

    public Turn Next(TurnStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var turn = Inner.Next(start);
        return Rates.TryGetValue(start.Worker, out var rate) ? turn with { Work = turn.Work / rate } : turn;
    }

    public IEnumerable<string> Problems() => [.. Inner.Problems(), .. Rates.SelectMany(static entry => Check.Positive($"{nameof(Rates)}[{entry.Key}]", entry.Value))];
}
