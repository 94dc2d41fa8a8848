using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Grains;

/// <summary>How jobs are looked after; section <c>Basgd:Job</c>.</summary>
[OptionsSection("Basgd:Job")]
public sealed class JobOptions
{
    [Description(
        "How long a worker's lease lasts without renewal, so how long the workers of a silo are missed at most that is silent and not yet declared "
        + "dead. Holders renew three times as often.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    [Description("How often a job looks at its model.")]
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description(
        "Steps from one in which it is measured how far each buffer lies from the aggregate to the next; 0 for none. One more pass over the "
        + "buffers: what that costs is in [observability.md](observability.md#cost).")]
    [Range(0, 1_000_000)]
    public int DistancesEvery { get; set; } = 1;
}
