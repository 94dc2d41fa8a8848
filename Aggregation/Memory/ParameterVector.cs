using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Memory;

/// <summary>
/// One contiguous block of d floats, 64-byte aligned, rented from a pool: a fresh block of 100 MB costs a hundred times a
/// warm one. <see cref="Return"/> gives it back; a vector that is dropped instead is simply collected, so sharing one between
/// readers is safe as long as nobody returns what he did not rent.
/// </summary>
public sealed class ParameterVector
{
    /// <summary>Blocks kept of one size; what comes back beyond that is collected.</summary>
    private const int KeptPerSize = 64;

    private const int AlignmentBytes = 64;
    private const int Padding = AlignmentBytes / sizeof(float);

    /// <summary>Blocks by exact size: a job uses one size only, so classes of sizes would only waste memory.</summary>
    private static readonly ConcurrentDictionary<int, ConcurrentBag<float[]>> Pool = new();

    private readonly int start;
    private float[]? block;

    private ParameterVector(int length)
    {
        Length = length;
        block = Pool.TryGetValue(length, out var free) && free.TryTake(out var warm)
            ? warm
            : GC.AllocateUninitializedArray<float>(checked(length + Padding), pinned: true);
        start = AlignedStart(block);
    }

    /// <summary>Number of floats d.</summary>
    public int Length { get; }

    /// <summary>The floats.</summary>
    /// <exception cref="ObjectDisposedException">The block was returned.</exception>
    public Span<float> Span => Memory.Span;

    /// <summary>The floats. They never move, so pinning them costs nothing.</summary>
    /// <inheritdoc cref="Span"/>
    public Memory<float> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(block is null, this);
            return MemoryMarshal.CreateFromPinnedArray(block, start, Length);
        }
    }

    /// <summary>A vector of undefined content.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static ParameterVector Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new ParameterVector(length);
    }

    /// <summary>A vector of zeros.</summary>
    public static ParameterVector Zeros(int length)
    {
        var vector = Rent(length);
        vector.Span.Clear();
        return vector;
    }

    /// <summary>A vector with a copy of <paramref name="values"/>.</summary>
    public static ParameterVector CopyOf(ReadOnlySpan<float> values)
    {
        var vector = Rent(values.Length);
        values.CopyTo(vector.Span);
        return vector;
    }

    /// <summary>Gives the block back to the pool. Only for whoever rented it, and only when no reader is left.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref block, null) is not { } returned) return;
        var free = Pool.GetOrAdd(Length, static _ => []);
        if (free.Count < KeptPerSize) free.Add(returned);
    }

    private static unsafe int AlignedStart(float[] pinned)
    {
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (int)((AlignmentBytes - (address % AlignmentBytes)) % AlignmentBytes / sizeof(float));
    }
}
