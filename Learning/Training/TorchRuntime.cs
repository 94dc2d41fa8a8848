using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>Loads libtorch once a process and settles what is global in it.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<int> _gpus = new(CountGpus);
    private static int _threads = 1;

    [ThreadStatic]
    private static int _threadsHere;

    /// <summary>Sets the threads that one torch operation may use. One learner per core wants 1, which is the default.</summary>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static void Configure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = threads;
        Load();
    }

    /// <summary>Every CUDA device where libtorch has been built for them and finds some, else the CPU, which alone repeats a run bit for bit.</summary>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static IReadOnlyList<string> Preferred => _gpus.Value == 0 ? [ComputeDevices.Cpu] : [.. Gpus];

    /// <summary>Every device there is.</summary>
    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    public static IReadOnlyList<string> Present => [.. Gpus, ComputeDevices.Cpu];

    private static IEnumerable<string> Gpus => Enumerable.Range(0, _gpus.Value).Select(static index => $"cuda:{index}");

    /// <exception cref="WorkloadUnavailableException">libtorch does not load.</exception>
    internal static void Load() => _ = _gpus.Value;

    /// <summary>
    /// Before the first operation of a thread: libtorch keeps the number of threads for each one, and one that was never told uses
    /// every core for some operations, whose sums then come out in another order.
    /// </summary>
    internal static void Settle()
    {
        if (_threadsHere == _threads) return;
        set_num_threads(_threads);
        _threadsHere = _threads;
    }

    /// <param name="name">One of <see cref="Present"/>, or null for the first of <see cref="Preferred"/>.</param>
    /// <exception cref="WorkloadUnavailableException">There is no such device, or libtorch does not load.</exception>
    internal static Device Open(string? name)
    {
        name ??= Preferred[0];
        if (!Present.Contains(name)) throw new WorkloadUnavailableException($"device = {name}: must be one of {string.Join(", ", Present)}");
        return device(name);
    }

    private static int CountGpus()
    {
        try
        {
            return cuda.is_available() ? cuda.device_count() : 0;
        }
        catch (Exception failed) when (failed is DllNotFoundException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException)
        {
            throw new WorkloadUnavailableException(
                "libtorch does not load. On Linux it needs a libstdc++ of GCC 13.2 or newer (GLIBCXX_3.4.32); Infra/setup.sh checks and repairs that. " +
                $"TorchSharp says: {failed.InnerException?.Message ?? failed.Message}", failed);
        }
    }
}
