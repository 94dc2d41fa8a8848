namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Splits d columns into chunks that threads take one by one. The chunks depend on d alone, so what is summed per chunk and then
/// over the chunks in their order has the same bits whatever the number of threads.
/// </summary>
internal static class ColumnChunks
{
    private const int LeastColumns = 16 * 1024;
    private const int MostChunks = 256;
    private const int Alignment = 64;

    /// <summary>Columns of a chunk; the last may have fewer. A multiple of 64.</summary>
    public static int SizeFor(int dimension) => Math.Max(LeastColumns, (int)((((long)dimension + MostChunks - 1) / MostChunks) + Alignment - 1) / Alignment * Alignment);

    /// <summary>Number of chunks; 0 where there is no column.</summary>
    public static int CountFor(int dimension) => (int)(((long)dimension + SizeFor(dimension) - 1) / SizeFor(dimension));

    /// <summary>Does the work on every chunk, on this thread and on at most <paramref name="threads"/> − 1 of the pool's that are free.</summary>
    /// <param name="dimension">d ≥ 0.</param>
    /// <param name="threads">≥ 1.</param>
    /// <param name="work">Called once per chunk, from several threads at once where there are several.</param>
    public static void ForEach(int dimension, int threads, IColumnWork work)
    {
        var size = SizeFor(dimension);
        var count = CountFor(dimension);
        if (threads > 1 && count > 1)
        {
            Crew.Run(dimension, size, count, Math.Min(threads, count), work);
            return;
        }

        for (var chunk = 0; chunk < count; chunk++) work.Run(chunk, chunk * size, Math.Min(size, dimension - (chunk * size)));
    }

    /// <summary>
    /// The threads at one piece of work. Whoever calls works too and never waits for a thread that has not begun: with a busy pool it
    /// does everything itself.
    /// </summary>
    private sealed class Crew(int dimension, int size, int count, IColumnWork work) : IThreadPoolWorkItem
    {
        private readonly object ending = new();
        private int next = -1;
        private int finished;
        private Exception? failure;

        public static void Run(int dimension, int size, int count, int threads, IColumnWork work)
        {
            var crew = new Crew(dimension, size, count, work);
            for (var i = 1; i < threads; i++) ThreadPool.UnsafeQueueUserWorkItem(crew, preferLocal: false);
            crew.Execute();
            crew.Wait();
            if (crew.failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        public void Execute()
        {
            for (var chunk = Interlocked.Increment(ref next); chunk < count; chunk = Interlocked.Increment(ref next))
            {
                try
                {
                    work.Run(chunk, chunk * size, Math.Min(size, dimension - (chunk * size)));
                }
                catch (Exception thrown)
                {
                    // Thrown where the work was asked for: a pool thread has nobody to throw to.
                    Interlocked.CompareExchange(ref failure, thrown, null);
                }

                if (Interlocked.Increment(ref finished) == count)
                {
                    lock (ending) Monitor.PulseAll(ending);
                }
            }
        }

        private void Wait()
        {
            // The others are at their last chunk: mostly they end sooner than a thread parks.
            var spin = default(SpinWait);
            while (Volatile.Read(ref finished) < count && !spin.NextSpinWillYield) spin.SpinOnce();
            lock (ending)
            {
                while (Volatile.Read(ref finished) < count) Monitor.Wait(ending);
            }
        }
    }
}

/// <summary>What is done to a chunk of columns.</summary>
internal interface IColumnWork
{
    /// <param name="chunk">0, 1, … : where a partial result of this chunk belongs.</param>
    /// <param name="start">Its first column.</param>
    /// <param name="count">Its columns, ≥ 1.</param>
    void Run(int chunk, int start, int count);
}
