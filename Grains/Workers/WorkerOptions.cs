using System.ComponentModel.DataAnnotations;
using Basgd.Learning;

namespace Basgd.Grains;

/// <summary>What this silo computes; section <c>Basgd:Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>The <see cref="Devices"/> that stands for the best that are found.</summary>
    public const string Auto = "auto";

    private const int LanesOfGpu = 2;

    /// <summary>Workers this silo acts as at once; 0 trains nothing but still evaluates. Default: 64.</summary>
    [Range(0, 100_000)]
    public int Slots { get; set; } = 64;

    /// <summary>Gradients computed at the same time, each on its own model replica, spread over the devices; 0 for one per processor or two per GPU, so that one computes while the other's batch is made. Default: 0.</summary>
    [Range(0, 1_024)]
    public int Lanes { get; set; }

    /// <summary>Devices to compute on, such as <c>cpu</c> or <c>cuda:0,cuda:1</c>; <c>auto</c> for every GPU that is found, else the processor. Default: auto.</summary>
    [RegularExpression(@"auto|(cpu|cuda:\d{1,3})(\s*,\s*(cpu|cuda:\d{1,3}))*", ErrorMessage = "must be auto, or a list of cpu and cuda:N with commas between")]
    public string Devices { get; set; } = Auto;

    /// <summary>How often the silo looks for jobs that need workers. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Lanes, or what 0 stands for.</summary>
    public int LanesOn(IComputeDevices devices) => Lanes != 0 ? Lanes : devices.Names.Sum(static name => name == ComputeDevices.Cpu ? Environment.ProcessorCount : LanesOfGpu);
}
