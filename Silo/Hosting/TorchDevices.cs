using Basgd.Grains;
using Basgd.Learning;
using Basgd.Learning.Training;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting;

/// <summary>What of libtorch's devices a silo computes on.</summary>
internal static class TorchDevices
{
    /// <param name="wanted"><see cref="WorkerOptions.Devices"/>.</param>
    /// <exception cref="OptionsValidationException">This machine lacks one of them, or one is named twice.</exception>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static IComputeDevices Choose(string wanted) => Choose(wanted, TorchRuntime.Preferred, TorchRuntime.Present);

    internal static IComputeDevices Choose(string wanted, IReadOnlyList<string> preferred, IReadOnlyList<string> present)
    {
        if (wanted == WorkerOptions.Auto) return new ComputeDevices(preferred);
        var names = wanted.Split(',', StringSplitOptions.TrimEntries);
        if (!names.All(present.Contains)) throw Refused(wanted, $"must be {WorkerOptions.Auto}, or of {string.Join(", ", present)}, which are what this machine has");
        if (names.Distinct().Count() != names.Length) throw Refused(wanted, $"must name each device once; {nameof(WorkerOptions.Lanes)} says how many gradients are computed at once");
        return new ComputeDevices(names);
    }

    private static OptionsValidationException Refused(string wanted, string rule) =>
        new(nameof(WorkerOptions), typeof(WorkerOptions), [$"Basgd:Worker:{nameof(WorkerOptions.Devices)} = {wanted}: {rule}"]);
}
