using System.ComponentModel.DataAnnotations;

namespace Basgd.Grains;

/// <summary>What this silo computes; section <c>Basgd:Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>Workers this silo acts as at once; 0 trains nothing but still evaluates. Default: 64.</summary>
    [Range(0, 100_000)]
    public int Slots { get; set; } = 64;

    /// <summary>Gradients computed at the same time, each on its own model replica; 0 for one per processor. Default: 0.</summary>
    [Range(0, 1_024)]
    public int Lanes { get; set; }

    /// <summary>How often the silo looks for jobs that need workers. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Lanes, or what 0 stands for.</summary>
    public int EffectiveLanes => Lanes == 0 ? Environment.ProcessorCount : Lanes;
}
