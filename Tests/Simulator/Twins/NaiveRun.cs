namespace Basgd.Simulator.Tests.Twins;

/// <summary>
/// What the simulator simulates, as plainly as can be: every worker has a copy of the model that it fetched, and the next arrival is
/// looked for among all workers. Without attacks, momentum and refusals.
/// </summary>
internal static class NaiveRun
{
    /// <summary>On the arrival of g, taken at a model τ steps old: the newest w afterwards, and whether a step was made.</summary>
    public delegate (float[] W, bool Stepped) Receive(int worker, float[] gradient, int staleness, float[] at);

    /// <param name="arrivals">How many gradients arrive.</param>
    /// <returns>The last w.</returns>
    public static float[] Of(SimulationSpec spec, Quadratic learner, int arrivals, Receive receive)
    {
        var w = new float[learner.Dimension];
        learner.Initialise(w);
        var steps = 0;
        var workers = Enumerable.Range(0, spec.Workers).Select(worker => new Worker(worker, w, Delay(spec, worker, 0, 0), worker)).ToList();
        var order = spec.Workers;
        for (var arrival = 0; arrival < arrivals; arrival++)
        {
            var next = workers.MinBy(static worker => (worker.Arrives, worker.Order))!;
            var gradient = new float[w.Length];
            learner.Gradient(next.Model, next.Index, next.Sequence, gradient);
            var (newest, stepped) = receive(next.Index, gradient, steps - next.Step, next.Model);
            if (stepped) steps++;
            w = newest;
            next.Go(w, steps, next.Arrives + Delay(spec, next.Index, next.Sequence + 1, next.Arrives), order++);
        }

        return w;
    }

    private static double Delay(SimulationSpec spec, int worker, long turn, double now) => spec.Delays.Next(new TurnStart(spec.Seed, worker, turn, now)).Work;

    private sealed class Worker(int index, float[] model, double arrives, int order)
    {
        public int Index => index;

        public float[] Model { get; private set; } = model;

        public int Step { get; private set; }

        public long Sequence { get; private set; }

        public double Arrives { get; private set; } = arrives;

        /// <summary>Its place among arrivals at the same time.</summary>
        public int Order { get; private set; } = order;

        public void Go(float[] model, int step, double arrives, int order)
        {
            (Model, Step, Arrives, Order) = (model, step, arrives, order);
            Sequence++;
        }
    }
}
