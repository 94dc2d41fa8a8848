using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Memory;

/// <summary>
/// A reference to one contiguous block of d floats, 64-byte aligned, rented from a pool: a fresh block of 100 MB costs a hundred
/// times a warm one. Whoever is to read the block longer than he is told takes a reference of his own (<see cref="Share"/>); the
/// block goes back to the pool when its last reference is returned. A reference that was returned throws, it never shows what
/// the block holds next; one that is dropped instead costs the pool a block, which is collected.
/// </summary>
public sealed class ParameterVector
{
    private Block? block;

    private ParameterVector(Block block) => (this.block, Length) = (block, block.Length);

    /// <summary>Number of floats d.</summary>
    public int Length { get; }

    /// <summary>What becomes of this reference when a message carries it; see <see cref="ForMessage"/>.</summary>
    public VectorPassage Passage { get; private init; }

    /// <summary>The floats. They never move, so pinning them costs nothing.</summary>
    /// <exception cref="ObjectDisposedException">The reference was returned.</exception>
    public Span<float> Span => Memory.Span;

    /// <inheritdoc cref="Span"/>
    public Memory<float> Memory
    {
        get
        {
            var held = Volatile.Read(ref block);
            ObjectDisposedException.ThrowIf(held is null, this);
            return held.Memory;
        }
    }

    /// <summary>A vector of undefined content.</summary>
    /// <param name="place">What the block takes up as long as it is referenced; disposed with its last reference.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static ParameterVector Rent(int length, VectorPassage passage = VectorPassage.Kept, IDisposable? place = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new ParameterVector(new Block(length, place)) { Passage = passage };
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

    /// <summary>Lets go of blocks that nobody needed since the last call.</summary>
    /// <returns>Bytes let go.</returns>
    public static long TrimPool() => BlockPool.Trim();

    /// <summary>A reference to the same block. Safe at any time, also while another thread returns this one.</summary>
    /// <exception cref="ObjectDisposedException">This reference was returned.</exception>
    public ParameterVector Share() => TryShare() ?? throw new ObjectDisposedException(nameof(ParameterVector));

    /// <summary>As <see cref="Share"/>; null where this reference was returned.</summary>
    public ParameterVector? TryShare(VectorPassage passage = VectorPassage.Kept) =>
        Volatile.Read(ref block) is { } held && held.TryRetain() ? new ParameterVector(held) { Passage = passage } : null;

    /// <summary>A reference that belongs to the message it is put in: its receiver returns it, or the codec once it is written.</summary>
    public ParameterVector ForMessage() => TryShare(VectorPassage.Sent) ?? throw new ObjectDisposedException(nameof(ParameterVector));

    /// <summary>Gives this reference up. Again, it does nothing.</summary>
    public void Return() => Interlocked.Exchange(ref block, null)?.Release();

    /// <summary>What the references have in common. Never used again after the last: only its memory is.</summary>
    private sealed class Block(int length, IDisposable? place)
    {
        private readonly float[] floats = BlockPool.Take(length);
        private int references = 1;

        public int Length => length;

        public Memory<float> Memory => MemoryMarshal.CreateFromPinnedArray(floats, BlockPool.StartOf(floats), length);

        public bool TryRetain()
        {
            for (var seen = Volatile.Read(ref references); seen > 0;)
            {
                var found = Interlocked.CompareExchange(ref references, seen + 1, seen);
                if (found == seen) return true;
                seen = found;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref references) != 0) return;
            BlockPool.Put(length, floats);
            place?.Dispose();
        }
    }
}

/// <summary>Whose a reference to a vector is on its way through a message.</summary>
public enum VectorPassage
{
    /// <summary>The sender's: it stays his, and whoever gets it inside the process must not return it.</summary>
    Kept,

    /// <summary>The message's: the receiver returns it, or the codec as soon as it is written.</summary>
    Sent,

    /// <summary>Made by the codec of what came over the wire, so nobody else's: the receiver may write to it, and returns it.</summary>
    Received,

    /// <summary>Given up by the sender, who alone had it: the receiver may write to it, and returns it.</summary>
    Given,
}
