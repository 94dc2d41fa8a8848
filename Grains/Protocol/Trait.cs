namespace Basgd.Protocol;

/// <summary>
/// A number that each worker has, as far as it is known: a normal distribution each, with 0 for what is usual. Before anything is
/// known of a worker its variance is <see cref="Unknown"/>.
/// </summary>
/// <param name="means">By worker.</param>
/// <param name="variances">By worker.</param>
public sealed class Trait(IReadOnlyList<double> means, IReadOnlyList<double> variances)
{
    /// <summary>Variance of a worker that was not heard of yet, and the most that any has.</summary>
    public const double Unknown = 4;

    /// <summary>What a round adds to every variance: some thousand rounds without news and a worker is unknown again.</summary>
    private const double Drift = 0.0005;

    /// <summary>From the median deviation to the standard one, of a normal distribution.</summary>
    internal const double OfMedian = 1.4826;

    /// <summary>Honest workers may lie that many times as far apart as the middle half of them says: their tails are heavy where their data differ.</summary>
    private const double Tails = 1.5;

    /// <summary>No estimate goes beyond, so that its exponential is a number.</summary>
    private const double Bound = 200;

    private readonly double[] means = [.. means];
    private readonly double[] variances = [.. variances];

    /// <summary>Nothing is known of anybody.</summary>
    public Trait(int workers)
        : this(new double[workers], [.. Enumerable.Repeat(Unknown, workers)])
    {
    }

    public IReadOnlyList<double> Means => means;

    public IReadOnlyList<double> Variances => variances;

    /// <summary>The same a round later, before it tells anything: one to <see cref="Learn"/> with.</summary>
    public Trait Later() => new(means, [.. variances.Select(static variance => Math.Min(Unknown, variance + Drift))]);

    /// <summary>A worker of which nothing is known any more.</summary>
    public void Forget(int worker) => (means[worker], variances[worker]) = (0, Unknown);

    /// <summary>Kalman's update by an observation that moves with the worker's number.</summary>
    /// <param name="surprise">What was observed less what was expected.</param>
    /// <param name="weight">By how much the observation moves with the worker's number, 0 … 1.</param>
    /// <param name="noise">Variance of the observation for all other reasons, &gt; 0.</param>
    public void Learn(int worker, double surprise, double weight, double noise)
    {
        var gain = variances[worker] * weight / ((variances[worker] * weight * weight) + noise);
        means[worker] = Math.Clamp(means[worker] + (gain * surprise), -Bound, Bound);
        variances[worker] *= 1 - (gain * weight);
    }

    /// <summary>So little is known, for what happened contradicts it.</summary>
    public void Doubt(int worker, double more) => variances[worker] = Math.Min(Unknown, variances[worker] + more);

    /// <summary>
    /// How much likelier each worker's estimate is if its number comes from a wide distribution than if it comes from that of most
    /// workers: the logarithm of the ratio. The distribution of most is what the middle half of those heard of says.
    /// </summary>
    /// <param name="narrowest">Standard deviation that most workers have at least.</param>
    /// <param name="wide">Standard deviation that is added to it in the wide distribution.</param>
    public IReadOnlyList<double> LogRatios(double narrowest, double wide)
    {
        double[] heard = [.. means.Where((_, worker) => variances[worker] < Unknown)];
        var usual = heard.Length == 0 ? 0 : Median(heard);
        var spread = heard.Length == 0 ? 0 : OfMedian * Median([.. heard.Select(mean => Math.Abs(mean - usual))]);
        var narrow = Square(Tails * Math.Max(narrowest, spread));
        return [.. means.Zip(variances, (mean, variance) => LogRatio(mean - usual, narrow + variance, narrow + variance + Square(wide)))];
    }

    internal static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double LogRatio(double deviation, double narrow, double wide) =>
        (Math.Log(narrow / wide) + (Square(deviation) * ((1 / narrow) - (1 / wide)))) / 2;

    private static double Square(double value) => value * value;
}
