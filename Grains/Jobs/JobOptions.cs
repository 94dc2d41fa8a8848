using System.ComponentModel.DataAnnotations;

namespace Basgd.Grains;

/// <summary>How jobs are looked after; section <c>Basgd:Job</c>.</summary>
public sealed class JobOptions
{
    /// <summary>How long a lease lasts without renewal, so how long the workers of a silo are missed at most that is silent and not yet declared dead. Holders renew three times as often. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a job looks at its model. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Steps from one in which it is measured how far each buffer lies from the aggregate to the next; 0 for none. Costs one more
    /// pass over the buffers, beside those of the rule. Default: 1.
    /// </summary>
    [Range(0, 1_000_000)]
    public int DistancesEvery { get; set; } = 1;
}
