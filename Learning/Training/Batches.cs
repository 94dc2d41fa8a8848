namespace Basgd.Learning.Training;

/// <summary>
/// Which examples make up batch number q of worker s. A worker walks through its shard in an order drawn anew for each of its epochs;
/// batch q is positions q·n … q·n+n−1 of that endless walk, so it may reach over the end of an epoch. Not thread-safe: it keeps the
/// order last used by each worker, which changes nothing but the time it takes.
/// </summary>
/// <param name="seed">The job's.</param>
/// <param name="shards">For each worker the indices of its examples; none is empty.</param>
internal sealed class Batches(ulong seed, int[][] shards)
{
    private readonly (long Epoch, int[] Order)[] _orders = new (long, int[])[shards.Length];

    public int Workers => shards.Length;

    public void Fill(int worker, long sequence, Span<int> indices)
    {
        var size = shards[worker].Length;
        var (epoch, position) = Math.DivRem(checked(sequence * indices.Length), size);
        while (indices.Length > 0)
        {
            var count = (int)Math.Min(size - position, indices.Length);
            Order(worker, epoch).AsSpan((int)position, count).CopyTo(indices);
            indices = indices[count..];
            (epoch, position) = (epoch + 1, 0);
        }
    }

    private int[] Order(int worker, long epoch)
    {
        ref var kept = ref _orders[worker];
        if (kept.Order is null || kept.Epoch != epoch)
        {
            // The shard itself is shuffled, not the last order: the result must not depend on what was asked before.
            var order = (int[])shards[worker].Clone();
            new Random(Seeds.Derive(seed, Streams.Epochs, worker, epoch)).Shuffle(order);
            kept = (epoch, order);
        }
        return kept.Order;
    }
}
