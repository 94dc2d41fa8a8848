using System.Diagnostics;

namespace Basgd.Benchmarks.ScaleOut;

/// <summary>Synchronous SGD with the same delays: every step waits for one gradient of every worker. Nothing is computed, sent or stored, so nothing but the barrier slows it.</summary>
internal static class BarrierLoop
{
    /// <summary>Gradients per second, by clock.</summary>
    public static double Run(SleepingWorkload workload, int workers, TimeSpan length)
    {
        var steps = 0L;
        var ends = false;
        var watch = Stopwatch.StartNew();
        using var barrier = new Barrier(workers, _ =>
        {
            steps++;
            ends = watch.Elapsed >= length;
        });
        var threads = Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            while (!ends)
            {
                workload.Work(worker);
                barrier.SignalAndWait();
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return steps * workers / watch.Elapsed.TotalSeconds;
    }
}
