using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <param name="Reassigns">Whether Δ may pass.</param>
/// <param name="Partitions">Whether activations that were replaced may live on.</param>
/// <param name="StorageFails">Whether storage may refuse, fail after it has written, answer with an old version, or lose the newest.</param>
/// <param name="MaxContributions">Contributions that a buffer takes from one worker in a round.</param>
/// <param name="StartStep">Steps that are made before the schedule begins, to be near a full ledger segment.</param>
internal sealed record Settings(
    Durability Durability, int Workers, int Buffers, bool Reassigns, bool Shrinks, bool Partitions, bool StorageFails, bool WeighsWorkersEqually, int StartStep, int MaxContributions = 1_000)
{
    /// <summary>Steps after which workers are dealt to the buffers again; null for never.</summary>
    public int? ReshuffleEvery { get; init; }

    /// <summary>Whether workers are put in quarantine, and lifted from it.</summary>
    public bool Quarantines { get; init; }

    /// <summary>Steps from <see cref="StartStep"/> on after which the job is completed; null for never.</summary>
    public int? Steps { get; init; }
}

/// <summary>Workers, buffers, models and a disk, all in memory. Every choice comes from a list, so a schedule can be replayed and shrunk.</summary>
internal sealed class World
{
    public const int Dimension = 2;
    public const double LearningRate = 0.1;
    public const double WeightDecay = 0.01;
    public const long MaxStaleness = 3;
    public const int CheckpointSteps = 3;

    private readonly Queue<int> choices;
    private readonly SimulatedWorkers workers;
    private readonly BufferActivation?[] ghosts;
    private readonly List<ModelActivation> zombies = [];
    private readonly Dictionary<(int Worker, long Sequence), int> acknowledged = [];
    private bool isCalm;
    private int? cut;

    public World(Settings settings, IEnumerable<int> choices)
    {
        Settings = settings;
        this.choices = new Queue<int>(choices);
        Spec = new JobSpec
        {
            Workers = settings.Workers,
            Buffers = settings.Buffers,
            MaxStaleness = MaxStaleness,
            Durability = settings.Durability,
            ShrinkBuffers = settings.Shrinks,
            WeighWorkersEqually = settings.WeighsWorkersEqually,
            MaxContributionsPerRound = settings.MaxContributions,
            ReshuffleEverySteps = settings.ReshuffleEvery,
            QuarantineAfterRounds = settings.Quarantines ? 1 : null,
            QuarantineThreshold = 0.6,
            Tolerate = settings.Quarantines ? 1 : 0,
            Steps = settings.Steps is { } steps ? settings.StartStep + steps : long.MaxValue,
            CheckpointSteps = CheckpointSteps,
            LearningRate = LearningRate,
            WeightDecay = WeightDecay,
            Ledger = true,
        };
        Disk = new Disk(Beginning.Of(Spec, settings.StartStep), settings.Buffers, this);
        Buffers = new BufferActivation[settings.Buffers];
        ghosts = new BufferActivation?[settings.Buffers];
        for (var b = 0; b < Buffers.Length; b++) Buffers[b] = new BufferActivation(this, b);
        Model = new ModelActivation(this);
        workers = new SimulatedWorkers(this);
    }

    public Settings Settings { get; }

    public JobSpec Spec { get; }

    public Disk Disk { get; }

    /// <summary>The clock of the model, apart from that of leases.</summary>
    public JumpingClock Clock { get; } = new();

    /// <summary>What has happened so far.</summary>
    public HashSet<Happening> Happenings { get; } = [];

    public void Happened(Happening happening) => Happenings.Add(happening);

    /// <summary>The activations that the directory knows.</summary>
    public BufferActivation[] Buffers { get; }

    public ModelActivation Model { get; private set; }

    /// <summary>Whether a message is lost, now and then.</summary>
    public bool IsLost() => !isCalm && Choose(25) == 1;

    /// <summary>Whether no message of the model reaches a buffer.</summary>
    public bool IsCut(int buffer) => !isCalm && buffer == cut;

    public bool IsStaleRead() => Settings.StorageFails && !isCalm && Choose(12) == 1;

    /// <summary>Writes, or does not and says so, or does and does not say so.</summary>
    public void FailWrite(Action write)
    {
        var fault = Settings.StorageFails && !isCalm ? Choose(30) : 0;
        if (fault != 1) write();
        if (fault is 1 or 2) throw new StorageException();
    }

    public void Acknowledged(Submission submission) =>
        acknowledged[(submission.Worker, submission.Sequence)] = submission.MappingEpoch;

    /// <summary>The activation that the directory knows; a new one where that has died.</summary>
    public BufferActivation Reach(int buffer) => Buffers[buffer].IsDead ? Buffers[buffer] = new BufferActivation(this, buffer) : Buffers[buffer];

    /// <summary>A worker's call; null where it or its answer was lost.</summary>
    public SubmitResult? Send(int buffer, Submission submission)
    {
        try
        {
            if (IsLost()) return null;
            var target = ghosts[buffer] is { } ghost && Choose(3) == 1 ? ghost : Reach(buffer);
            var answer = target.Submit(submission);
            return IsLost() ? null : answer;
        }
        catch (LostException)
        {
            return null;
        }
    }

    /// <summary>Loses all messages of the model to a buffer; null for none any more.</summary>
    public void LoseMessagesTo(int? buffer) => cut = buffer;

    /// <summary>Δ passes.</summary>
    public void PassTimeout() => Clock.Jump(TimeSpan.FromSeconds(Spec.ReassignAfterSeconds + 1));

    public void CrashModel() => ReplaceModel(0);

    /// <summary>A worker at the newest model.</summary>
    public SimulatedWorker NewWorker(int index)
    {
        var worker = new SimulatedWorker(index);
        worker.Restart(Model.State);
        return worker;
    }

    public void MoveModelUntil(Func<ModelActivation, bool> isReached)
    {
        for (var i = 0; i < 100 && !isReached(Model); i++) Model.Move();
        isReached(Model).ShouldBeTrue("100 moves did not bring it about");
    }

    public void Run()
    {
        while (choices.Count > 0) Act();
    }

    /// <summary>Nothing fails any more. Every step after the first holds only what came after the calm began.</summary>
    public void Quiesce()
    {
        isCalm = true;
        zombies.Clear();
        Array.Clear(ghosts);
        for (var b = 0; b < Buffers.Length; b++)
            if (Buffers[b].IsOutdated) Buffers[b] = new BufferActivation(this, b);
        if (Model.IsDead || Model.IsOutdated) Model = new ModelActivation(this);
        workers.Calm();
        var before = Model.State.Version.Step;
        for (var i = 0; i < 40; i++)
        {
            for (var move = 0; move < 2 * Buffers.Length; move++) Model.Move();
            if (Model.IsDead) Model = new ModelActivation(this);
            workers.WorkAll();
        }

        if (!Model.IsCompleted) Model.State.Version.Step.ShouldBeGreaterThan(before + 2, "in the calm the job goes on");
    }

    /// <summary>The mapping epoch in which each contribution was acknowledged last. A later reassignment may drop it.</summary>
    public IReadOnlyDictionary<(int Worker, long Sequence), int> Acknowledgements => acknowledged;

    private void Act()
    {
        switch (Choose(100))
        {
            case < 36: workers.Any()?.Work(this); break;
            case < 66: Model.Move(); break;
            case < 72: Any(zombies)?.Move(); break;
            case < 75: Wait(); break;
            case < 76: WorkSteadily(); break;
            case < 79: workers.Any()?.Fetch(Model.State); break;
            case < 82: workers.Lease(); break;
            case < 83: workers.JumpClock(); break;
            case < 86: Model.ToLift = Model.State.Quarantine.Workers is { Count: > 0 } confined ? confined[0] : null; break;
            case < 88: Resend(workers.Any()); break;
            case < 90: SendGarbage(); break;
            case < 93: ReplaceBuffer(Choose(Buffers.Length), Choose(3)); break;
            case < 96: ReplaceModel(Choose(3)); break;
            case < 98: KillTwoSilos(); break;
            case < 99: if (Settings.StorageFails) FallBack(); break;
            default: Forget(); break;
        }

        if (Model.IsDead) Model = new ModelActivation(this);
    }

    /// <summary>Time goes by: a part of Δ or more.</summary>
    private void Wait()
    {
        if (Settings.Reassigns) Clock.Jump((Choose(3) == 0 ? 1.2 : 0.6) * TimeSpan.FromSeconds(Spec.ReassignAfterSeconds));
    }

    /// <summary>All workers go on for longer than Δ, without a pause of Δ.</summary>
    private void WorkSteadily()
    {
        for (var i = 0; i < 3; i++)
        {
            workers.WorkAll();
            for (var move = 0; move < 4 * Buffers.Length; move++) Model.Move();
            if (Settings.Reassigns) Clock.Jump(0.6 * TimeSpan.FromSeconds(Spec.ReassignAfterSeconds));
        }
    }

    private void Resend(SimulatedWorker? worker)
    {
        if (worker?.Earlier is { } earlier) Send(Choose(Buffers.Length), earlier);
    }

    /// <summary>The model's silo and one that holds buffers, at once.</summary>
    private void KillTwoSilos()
    {
        for (var b = 0; b < Buffers.Length; b++)
            if (Choose(2) == 0) ReplaceBuffer(b, 2);
        ReplaceModel(0);
    }

    /// <summary>The model's newest version is found damaged when it is activated anew.</summary>
    private void FallBack()
    {
        Disk.FallBack();
        ReplaceModel(Choose(3));
    }

    /// <summary>What was replaced and lived on is gone, too.</summary>
    private void Forget()
    {
        zombies.Clear();
        Array.Clear(ghosts);
    }

    private void SendGarbage()
    {
        if (workers.Any()?.Submission() is not { } right) return;
        var wrong = Choose(6) switch
        {
            0 => right with { Gradient = ParameterVector.Zeros(Dimension + 1) },
            1 => right with { Gradient = Given.Vector(float.NaN, 0) },
            2 => right with { Version = right.Version with { Step = right.Version.Step + 1_000_000 } },
            3 => right with { MappingEpoch = right.MappingEpoch + 1_000_000 },
            4 => right with { Worker = Settings.Workers },
            _ => right with { Sequence = -7 },
        };
        if (Send(Choose(Buffers.Length), wrong) is { } answer) answer.Refusal.ShouldNotBeNull();
    }

    private void ReplaceBuffer(int b, int how)
    {
        var old = Buffers[b];
        if (how == 0 && Settings.Partitions) ghosts[b] = old;
        else if (how == 1) Ignore(old.ShutDown);
        else old.Die();
        Buffers[b] = new BufferActivation(this, b);
    }

    /// <summary>The model crashes, or lives on beside the new one, or does so with its buffers on the far side of a partition.</summary>
    private void ReplaceModel(int how)
    {
        // A silo that is only stopped goes on later, however long that took.
        if (how > 0 && Settings.Partitions) zombies.Add(Model);
        if (how == 1 && Settings.Partitions)
        {
            Model.Cut([.. Buffers]);
            for (var b = 0; b < Buffers.Length; b++) ReplaceBuffer(b, 0);
        }

        Model = new ModelActivation(this);
    }

    private static void Ignore(Action action)
    {
        try
        {
            action();
        }
        catch (LostException)
        {
            // A shutdown that fails is a crash.
        }
    }

    private T? Any<T>(List<T> list)
        where T : class => list.Count == 0 ? null : list[Choose(list.Count)];

    public int Choose(int count) => choices.TryDequeue(out var choice) ? choice % count : 0;
}
