using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>Loads libtorch once a process and settles what is global in it.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<Device> _device = new(Load);
    private static int _threads = 1;

    /// <summary>Sets the threads that one torch operation may use. One learner per core wants 1, which is the default.</summary>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static void Configure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = threads;
        if (_device.IsValueCreated) set_num_threads(threads);
        else _ = Device;
    }

    /// <summary>The first CUDA device where libtorch has been built for it and finds one, else the CPU, which alone repeats a run bit for bit.</summary>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static Device Device => _device.Value;

    private static Device Load()
    {
        try
        {
            set_num_threads(_threads);
            return cuda.is_available() ? CUDA : CPU;
        }
        catch (Exception failed) when (failed is DllNotFoundException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException)
        {
            throw new WorkloadUnavailableException(
                "libtorch does not load. On Linux it needs a libstdc++ of GCC 13.2 or newer (GLIBCXX_3.4.32); Infra/setup.sh checks and repairs that. " +
                $"TorchSharp says: {failed.InnerException?.Message ?? failed.Message}", failed);
        }
    }
}
