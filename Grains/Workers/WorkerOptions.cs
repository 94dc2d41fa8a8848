using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;
using Basgd.Learning;

namespace Basgd.Grains;

/// <summary>What this silo computes; section <c>Basgd:Worker</c>.</summary>
[OptionsSection("Basgd:Worker")]
public sealed class WorkerOptions
{
    /// <summary>The <see cref="Devices"/> that stands for the best that are found.</summary>
    public const string Auto = "auto";

    private const int LanesOfGpu = 2;

    [Description("Workers this silo acts as at once; 0 trains nothing but still evaluates.")]
    [Range(0, 100_000)]
    public int Slots { get; set; } = 64;

    [Description(
        "Gradients computed at the same time, each on its own copy of the model; 0 for one a processor, or two a GPU, so that one computes while "
        + "the other's batch is made and its gradient is fetched. They are spread evenly over the devices.")]
    [Range(0, 1_024)]
    public int Lanes { get; set; }

    [Description("Devices to compute on, such as `cpu` or `cuda:0,cuda:1`; `auto` for every GPU that libtorch finds, else the processor.")]
    [RegularExpression(@"auto|(cpu|cuda:\d{1,3})(\s*,\s*(cpu|cuda:\d{1,3}))*", ErrorMessage = "must be auto, or a list of cpu and cuda:N with commas between")]
    public string Devices { get; set; } = Auto;

    [Description("How often the silo looks for jobs that need workers.")]
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Lanes, or what 0 stands for.</summary>
    public int LanesOn(IComputeDevices devices) => Lanes != 0 ? Lanes : devices.Names.Sum(static name => name == ComputeDevices.Cpu ? Environment.ProcessorCount : LanesOfGpu);
}
