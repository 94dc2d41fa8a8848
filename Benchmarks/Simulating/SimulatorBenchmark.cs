using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using Basgd.Simulator;

namespace Basgd.Benchmarks.Simulating;

/// <summary>What the simulator takes for itself: with real gradients, where it must not matter, and with 10,000 workers and none to speak of.</summary>
internal static class SimulatorBenchmark
{
    private const long Gradients = 600;

    private static readonly ServerSpec[] Servers =
    [
        new BasgdServer { Buffers = 10 },
        new AsgdServer(),
        new KardamServer { Gamma = 3 },
        new FedBuffServer(),
        new SynchronousServer(),
        new LatestGradientsServer(),
    ];

    public static async Task<int> Run()
    {
        var workload = new ClassifierWorkload(ModelCatalog.LeNet5, new Synthetic());
        var spec = new SimulationSpec
        {
            Workers = 30,
            Server = Servers[0],
            Byzantine = 3,
            Attack = "negative-gradient(k=10)",
            Delays = new TruncatedNormalDelays(),
            Horizon = Amount.Gradients(Gradients),
            EvaluateEvery = null,
            LearningRate = 0.01,
        };
        Console.WriteLine($"{spec.Workers} workers, LeNet-5, batch {spec.BatchSize}, {Gradients} gradients; shares are of the time in gradients");
        await Simulation.RunAsync(spec with { Horizon = Amount.Gradients(100) }, workload);
        foreach (var server in Servers)
        {
            var times = (await Simulation.RunAsync(spec with { Server = server }, workload)).Times;
            Console.WriteLine(
                $"{server.Name,-28} {times.Gradients.TotalMilliseconds / Gradients,6:F2} ms a gradient; simulator {times.Simulator / times.Gradients,7:P2}, server {times.Server / times.Gradients,7:P2}, attack {times.Workers / times.Gradients,7:P2}");
        }

        Toy();
        return 0;
    }

    private static void Toy()
    {
        var spec = new SimulationSpec
        {
            Workers = 10_000,
            Server = new BasgdServer { Buffers = 50, MaxStaleness = 1000 },
            Delays = new ExponentialDelays(),
            Horizon = Amount.Gradients(200_000),
            EvaluateEvery = null,
            LearningRate = 0.01,
        };
        using var learner = new Bowl();
        var result = Simulation.Run(spec, learner, 1000);
        Console.WriteLine($"{spec.Workers} workers, d = {learner.Dimension}: {result.Totals.End.Gradients} gradients in {result.Times.Total.TotalSeconds:F1} s, at most {result.Totals.MostVersions} models at once");
    }

    /// <summary>½‖w‖².</summary>
    private sealed class Bowl : ILearner
    {
        public int Dimension => 10;

        public void Initialise(Span<float> parameters) => parameters.Fill(1);

        public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
        {
            parameters.CopyTo(gradient);
            return Evaluate(parameters).Loss;
        }

        public Evaluation Evaluate(ReadOnlySpan<float> parameters)
        {
            var loss = 0.0;
            foreach (var w in parameters) loss += (double)w * w / 2;
            return new Evaluation(loss, 0, 1);
        }

        public void Dispose()
        {
        }
    }
}
