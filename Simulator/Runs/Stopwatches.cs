using System.Diagnostics;

namespace Basgd.Simulator;

/// <summary>Real time by what it is spent on.</summary>
internal sealed class Stopwatches
{
    private readonly long started = Stopwatch.GetTimestamp();
    private TimeSpan gradients;
    private TimeSpan evaluations;
    private TimeSpan server;
    private TimeSpan workers;

    public T Gradient<T>(Func<T> what) => Measure(what, ref gradients);

    public T Evaluation<T>(Func<T> what) => Measure(what, ref evaluations);

    public T Server<T>(Func<T> what) => Measure(what, ref server);

    public void Server(Action what) => Measure(what, ref server);

    public T Worker<T>(Func<T> what) => Measure(what, ref workers);

    public void Worker(Action what) => Measure(what, ref workers);

    public RealTimes Read() => new(gradients, evaluations, server, workers, Stopwatch.GetElapsedTime(started));

    private static T Measure<T>(Func<T> what, ref TimeSpan spent)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return what();
        }
        finally
        {
            spent += Stopwatch.GetElapsedTime(start);
        }
    }

    private static void Measure(Action what, ref TimeSpan spent)
    {
        var start = Stopwatch.GetTimestamp();
        what();
        spent += Stopwatch.GetElapsedTime(start);
    }
}
