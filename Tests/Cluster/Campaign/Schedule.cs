using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>A job and the faults that befall it, all drawn from a seed.</summary>
internal sealed record Schedule(int Seed, JobSpec Job, IReadOnlyList<PlannedFault> Faults)
{
    private const int MostFaults = 2;
    private const int LongestGap = 60;
    private const double ShortestSeconds = 0.1;
    private const double LongestSeconds = 2.5;

    /// <summary>Whether storage lost steps: the only thing that may take one back.</summary>
    public bool DamagesCheckpoints => Faults.Any(static planned => planned.Fault is Fault.FlipBit or Fault.Truncate or Fault.BringBackOld);

    /// <summary>Whether gradients can have been taken at a model that is no more, under the number of another: making the steps again cannot give the same then.</summary>
    public bool RepeatsSteps => Faults.Any(static planned => planned.Fault is Fault.BringBackOld);

    public static Schedule Draw(int seed, IReadOnlyList<Fault> possible)
    {
        var random = new Random(seed);
        var faults = Enumerable.Range(0, random.Next(1, MostFaults + 1)).Select(_ => new PlannedFault(
            possible[random.Next(possible.Count)],
            random.Next(2, LongestGap),
            random.Next(),
            TimeSpan.FromSeconds(ShortestSeconds + (random.NextDouble() * (LongestSeconds - ShortestSeconds))))).ToList();
        var buffers = random.Next(1, 5);
        var job = new JobSpec
        {
            Name = $"campaign-{seed}",
            Model = "softmax",
            Dataset = "synthetic",
            Workers = random.Next(Math.Max(buffers, 2), 8),
            Buffers = buffers,
            Rule = random.Next(2) == 0 ? "median" : "mean",
            LearningRate = 0.05,
            Steps = faults.Sum(static planned => planned.Gap) + LongestGap,
            Seed = (ulong)random.Next(),
            Durability = random.Next(2) == 0 ? Durability.Step : Durability.Acknowledged,
            WeighWorkersEqually = random.Next(4) == 0,
            ReassignAfterSeconds = random.Next(4) == 0 ? 2 : 30,
            EvaluateEverySeconds = 0,
            Ledger = true,
        };
        return new Schedule(seed, job, faults);
    }

    public override string ToString() =>
        $"seed {Seed}: {Job.Workers} workers, {Job.Buffers} buffers, {Job.Rule}, durability {Job.Durability}, {Job.Steps} steps, reassigned after {Job.ReassignAfterSeconds} s; {string.Join("; ", Faults)}";
}
