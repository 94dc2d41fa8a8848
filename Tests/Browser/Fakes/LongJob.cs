using Basgd.Contracts;
using Basgd.Grains;

namespace Basgd.Browser.Tests.Fakes;

/// <summary>A job of 1,000 workers after 100,000 steps, in which much happened. It makes another step whenever somebody looks.</summary>
internal sealed class LongJob : ITrainingJobGrain, IJobDirectoryGrain, ISiloDirectoryGrain
{
    public const string Name = "long";
    public const int Workers = 1_000;
    public const long Steps = 100_000;
    private const int Silos = 20;
    private const int StepsPerEvaluation = 10;
    private const int StepsPerEvent = 25;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JobSpec Spec = new() { Name = Name, Workers = Workers, Buffers = 101, Tolerate = 50, Steps = 2 * Steps };
    private readonly TrainingHistory history = new();
    private long step;

    public LongJob()
    {
        while (step < Steps) Advance();
    }

    public Task<IReadOnlyList<JobEntry>> List() => Task.FromResult<IReadOnlyList<JobEntry>>([new JobEntry(Name, JobPhase.Running)]);

    Task<IReadOnlyList<SiloEntry>> ISiloDirectoryGrain.List() => Task.FromResult<IReadOnlyList<SiloEntry>>([.. Enumerable.Range(0, Silos).Select(static silo => new SiloEntry(Silo(silo), "", "all", "active", Start))]);

    public Task<IReadOnlyList<SiloEntry>> ListDead() => Task.FromResult<IReadOnlyList<SiloEntry>>([]);

    public Task Report(SiloReport report) => throw new NotSupportedException();

    public Task<SiloReports> GetReports() => Task.FromResult(SiloReports.Unknown);

    public Task<JobStatus> GetStatus()
    {
        Advance();
        return Task.FromResult(new JobStatus
        {
            Name = Name,
            Spec = Spec,
            Phase = JobPhase.Running,
            Version = Version,
            Epoch = step / 1e3,
            Progress = 0.5,
            LearningRate = 0.1,
            GradientsApplied = step * Spec.Buffers,
            GradientsPerSecond = 12_345,
            TrainingLoss = Loss,
            Buffers = [.. Enumerable.Range(0, Spec.Buffers).Select(buffer => new BufferStatus(buffer, (int)(step + buffer) % 5, false, 1.5) { Silo = Silo(0) })],
            Leases = [.. Enumerable.Range(0, Workers).Select(static worker => new LeaseStatus(worker, Silo(worker % Silos), Start))],
            Refused = new Dictionary<Refusal, long>(),
            Dimension = 1_000_000,
            Reassignments = 0,
            ModelSilo = Silo(0),
        });
    }

    public Task<JobHistory> GetHistory(int most)
    {
        Advance();
        return Task.FromResult(history.Read(most));
    }

    /// <summary>One worker is refused more than any other.</summary>
    public Task<IReadOnlyList<WorkerStatus>> GetWorkers() => Task.FromResult<IReadOnlyList<WorkerStatus>>(
        [.. Enumerable.Range(0, Workers).Select(worker => new WorkerStatus(worker, worker % Spec.Buffers, Silo(worker % Silos), Start, new WorkerTally(step, worker == 777 ? 2 * step : 0, worker % 7)))]);

    public Task Submit(JobSpec spec) => throw new NotSupportedException();

    public Task Pause() => throw new NotSupportedException();

    public Task Resume() => throw new NotSupportedException();

    public Task Stop() => throw new NotSupportedException();

    public Task Lift(int worker) => throw new NotSupportedException();

    public Task<EvaluationPoint> Evaluate() => throw new NotSupportedException();

    public Task<IReadOnlyList<TensorShape>> GetLayout() => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, string>> GetUsage() => throw new NotSupportedException();

    public Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length) => throw new NotSupportedException();

    public Task<LedgerChunk> ReadLedger(long afterStep) => throw new NotSupportedException();

    public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after) => throw new NotSupportedException();

    public Task<IReadOnlyList<BufferHoldings>> GetHoldings() => throw new NotSupportedException();

    public Task<LedgerReplay> Replay() => throw new NotSupportedException();

    public Task Put(JobEntry entry) => throw new NotSupportedException();

    private ModelVersion Version => new(0, step);

    private double Loss => 2.3 / (1 + (step / 1e4));

    private DateTimeOffset Now => Start.AddSeconds(step);

    private static string Silo(int index) => $"S10.0.0.{index}:11111:{Start.Year}";

    private void Advance()
    {
        step++;
        var routing = new Routing((int)(step / StepsPerEvent), [0, 1]);
        history.Note(Now, new ModelStatus(true, false, Version, Version, step, Loss, 2, null, routing, null, false), step / 1e3, 0.1, 12_345);
        if (step % StepsPerEvaluation == 0) history.Note(new EvaluationPoint(Version, step / 1e3, Loss, 1 - (Loss / 2.4), Now));
    }
}
