using Microsoft.Extensions.Options;

namespace Basgd.Grains;

/// <summary>How many workers this silo may act as at once: <see cref="WorkerOptions.Slots"/> at the start. The host may change it while the silo runs.</summary>
public sealed class WorkerCapacity(IOptions<WorkerOptions> options)
{
    private volatile int slots = options.Value.Slots;

    /// <summary>0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Slots
    {
        get => slots;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            slots = value;
        }
    }
}
