using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Memory;

/// <summary>
/// Pinned blocks that nobody uses, by exact length: a job uses one length only, so classes of lengths would only waste memory.
/// The last one put is the first one taken, while it is in the caches.
/// </summary>
internal static class BlockPool
{
    /// <summary>Blocks kept of one length; what is put beyond that is collected.</summary>
    private const int KeptPerLength = 64;

    private const int AlignmentBytes = 64;
    private const int Padding = AlignmentBytes / sizeof(float);

    private static readonly ConcurrentDictionary<int, Shelf> Shelves = new();

    public static float[] Take(int length) =>
        (Shelves.TryGetValue(length, out var shelf) ? shelf.Take() : null)
        ?? GC.AllocateUninitializedArray<float>(checked(length + Padding), pinned: true);

    public static void Put(int length, float[] block) => Shelves.GetOrAdd(length, static _ => new Shelf()).Put(block);

    /// <summary>Index of the block's first aligned float.</summary>
    public static unsafe int StartOf(float[] block)
    {
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(block));
        return (int)((AlignmentBytes - (address % AlignmentBytes)) % AlignmentBytes / sizeof(float));
    }

    public static long Trim() => Shelves.Sum(static entry => (long)entry.Value.Trim() * (entry.Key + Padding) * sizeof(float));

    private sealed class Shelf
    {
        private readonly Stack<float[]> free = [];
        private int idle;

        public float[]? Take()
        {
            lock (free)
            {
                var block = free.TryPop(out var warm) ? warm : null;
                idle = Math.Min(idle, free.Count);
                return block;
            }
        }

        public void Put(float[] block)
        {
            lock (free)
            {
                if (free.Count < KeptPerLength) free.Push(block);
            }
        }

        /// <summary>Drops as many blocks as lay here all the time since the last call.</summary>
        public int Trim()
        {
            lock (free)
            {
                var dropped = idle;
                for (var i = 0; i < dropped; i++) free.Pop();
                idle = free.Count;
                return dropped;
            }
        }
    }
}
