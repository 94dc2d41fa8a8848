using Basgd.Contracts.Attaching;

namespace Basgd.Client.Tests.Attaching;

/// <summary>A state directory with the silos and the commands on it, in virtual time.</summary>
internal sealed class SimulatedState(Random random)
{
    public const int Job = 8;
    private readonly MemoryFolder files = new();
    private int ids;

    public VirtualTime Time { get; } = new(random);

    public List<SimulatedSilo> Silos { get; } = [];

    public List<SimulatedCommand> Commands { get; } = [];

    /// <summary>Jobs that run, by name.</summary>
    public HashSet<string> Running { get; } = [];

    public SimulatedProcess NewProcess() => new(files);

    public string NewId() => $"{++ids}";

    public TimeSpan Between(double least, double most) => TimeSpan.FromMilliseconds(least + (random.NextDouble() * (most - least)));

    /// <summary>Whether nobody is left who could do anything.</summary>
    public bool IsOver => Commands.All(static command => command.Outcome is not null) && Silos.All(static silo => !silo.Process.IsAlive);

    public IStartedSilo StartSilo()
    {
        var silo = new SimulatedSilo(this, Silos.Count + 1);
        Silos.Add(silo);
        _ = silo.Run();
        return silo;
    }
}

/// <summary>A silo that takes a while to start and to drain.</summary>
internal sealed class SimulatedSilo(SimulatedState state, int pid) : IStartedSilo
{
    public SimulatedProcess Process { get; } = state.NewProcess();

    public int Slots { get; private set; }

    public bool IsServing { get; private set; }

    public int? ExitCode => Process.ExitCode;

    public string LastWords => "";

    public SiloAnnouncement Announcement { get; } = new(pid, 30_000 + pid, Attended: true);

    public async Task Run()
    {
        try
        {
            await Task.Delay(state.Between(100, 800), state.Time);
            var share = new StateShare(Process, state.Time);
            if (await share.Hold(CancellationToken.None) is null)
            {
                Process.End(SiloFinder.OtherSiloHolds);
                return;
            }

            await Task.Delay(state.Between(300, 2000), state.Time);
            var attended = new AttendedSilo(share, state.Time, slots => Slots = slots, () => Task.FromResult<IReadOnlyList<string>>([.. state.Running]));
            await attended.Run(Announcement, _ => IsServing = true, CancellationToken.None);
            IsServing = false;
            await Task.Delay(state.Between(100, 3000), state.Time);
            Process.End(0);
        }
        catch (KilledException)
        {
            IsServing = false;
        }
    }
}

/// <summary>A command that joins or starts a silo, uses it for a while, and leaves.</summary>
internal sealed class SimulatedCommand(SimulatedState state, Need need, bool mayStart, bool hands)
{
    public SimulatedProcess Process { get; } = state.NewProcess();

    /// <summary>What became of it; null while it runs.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The silo that it uses now.</summary>
    public SiloAnnouncement? Uses { get; private set; }

    public Need Need => need;

    public async Task Run()
    {
        try
        {
            var share = new StateShare(Process, state.Time);
            Attachment attachment;
            using (await share.Enter(CancellationToken.None)) attachment = share.Add(need, state.NewId());
            var finder = new SiloFinder(share, state.Time);
            var ends = state.Time.Elapsed + state.Between(100, 20_000);
            while (true)
            {
                Uses = await finder.Find(need, mayStart ? state.StartSilo : null, TimeSpan.FromSeconds(3), limit: null, CancellationToken.None);
                if (Uses is null || await Use(share, ends)) break;
            }

            if (Uses is not null && hands)
            {
                using var _ = await share.Enter(CancellationToken.None);
                state.Running.Add(need.Job);
                share.Keep(need.Job, SimulatedState.Job, state.NewId());
                state.Time.After(state.Between(1000, 20_000), () => state.Running.Remove(need.Job));
            }

            Outcome = Uses is null ? "no silo" : "done";
            Uses = null;
            attachment.Dispose();
            Process.End(0);
        }
        catch (KilledException)
        {
            (Outcome, Uses) = ("killed", null);
        }
        catch (Exception failure)
        {
            (Outcome, Uses) = ($"FAILED {failure}", null);
            Process.End(1);
        }
    }

    /// <returns>Whether it was done before the silo was gone.</returns>
    private async Task<bool> Use(StateShare share, TimeSpan ends)
    {
        while (state.Time.Elapsed < ends)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), state.Time);
            if (!Uses!.IsSameSilo(share.FindLive())) return false;
        }

        return true;
    }
}
