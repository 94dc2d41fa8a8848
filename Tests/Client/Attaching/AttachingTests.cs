using Basgd.Client.Tests.Fakes;
using Basgd.Contracts.Attaching;

namespace Basgd.Client.Tests.Attaching;

/// <summary>Commands and silos that share a state directory, at any moment of which any of them may be killed.</summary>
public sealed class AttachingTests(ITestOutputHelper output)
{
    private const int Schedules = 200;
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public void In_any_order_and_with_any_kills_every_command_ends_and_no_silo_stays()
    {
        var first = Environment.TickCount;
        output.WriteLine($"seeds {first} to {first + Schedules - 1}");
        for (var seed = first; seed < first + Schedules; seed++)
        {
            try
            {
                Play(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public void Commands_that_begin_at_once_share_one_silo()
    {
        var state = new SimulatedState(new Random(1));
        for (var i = 0; i < 4; i++) Begin(state, new Need("train", 8, $"job{i}"), TimeSpan.Zero);
        state.Time.Run(TimeSpan.FromSeconds(4));
        state.Silos.ShouldHaveSingleItem().Slots.ShouldBe(32);
        state.Time.Run(Long);
        state.Commands.ShouldAllBe(static command => command.Outcome == "done");
        state.Silos.ShouldHaveSingleItem().Process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_lock_ends_with_its_holder_and_can_be_seen_by_others()
    {
        using var temporary = new TemporaryFolder();
        var folder = new SharedFolder(temporary.File(""));
        folder.IsLocked("a/x").ShouldBeFalse();
        using (folder.TryLock("a/x", isTemporary: true).ShouldNotBeNull())
        {
            folder.IsLocked("a/x").ShouldBeTrue();
            folder.TryLock("a/x").ShouldBeNull();
            folder.List("a").ShouldBe(["a/x"]);
        }

        folder.IsLocked("a/x").ShouldBeFalse();
        folder.List("a").ShouldBeEmpty();
        folder.Write("b", "text");
        folder.Read("b").ShouldBe("text");
        folder.Read("c").ShouldBeNull();
    }

    [Fact]
    public void A_need_survives_as_a_file_name()
    {
        var need = new Need("train", 7, "my.job-1_a");
        Need.FromFileName(need.ToFileName("12-ab")).ShouldBe(need);
        Need.FromFileName(new Need("pause", 0, "../../etc/x,y").ToFileName("1")).ShouldBe(new Need("pause", 0, "../../etc/x,y"));
        new Need("pause", 0, "../x").ToFileName("1").ShouldNotContain('/');
        Need.FromFileName("something").ShouldBeNull();
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        var state = new SimulatedState(random);
        var commands = random.Next(1, 9);
        for (var i = 0; i < commands; i++)
        {
            var kind = random.Next(4);
            Begin(state, kind switch
            {
                0 => new Need("evaluate"),
                1 => new Need("watch"),
                2 => new Need("submit", 8, $"job{i}"),
                _ => new Need("train", 8, $"job{i}"),
            }, state.Between(0, random.Next(1, 10_000)));
        }

        // As many kills, of commands and silos, as there are commands at most.
        for (var kills = random.Next(commands + 1); kills > 0; kills--) state.Time.After(state.Between(0, 15_000), () => Kill(state, random));
        Guard(state);
        state.Time.Run(Long);

        foreach (var command in state.Commands)
        {
            command.Outcome.ShouldNotBeNull($"{command.Need} never ended");

            // After three silos that were killed while they started, a command gives up and says why.
            if (command.Outcome.Contains(nameof(SiloStartException)) && state.Silos.Count(static silo => silo.ExitCode == Killed) >= 3) continue;
            command.Outcome.ShouldBeOneOf(["done", "killed", .. command.Need.Purpose == "watch" ? ["no silo"] : Array.Empty<string>()], $"{command.Need}");
        }

        state.Silos.ShouldAllBe(static silo => !silo.Process.IsAlive);

        // A command that was killed leaves a file that nobody holds, which the next sweep removes. A silo that was killed leaves kept jobs.
        var left = new StateShare(state.NewProcess(), state.Time).Sweep();
        left.ShouldAllBe(static need => need.Need.IsKept);
        if (state.Silos.LastOrDefault() is { ExitCode: 0 }) left.ShouldBeEmpty();
    }

    private static void Begin(SimulatedState state, Need need, TimeSpan at)
    {
        var command = new SimulatedCommand(state, need, mayStart: need.Purpose != "watch", hands: need.Purpose == "submit");
        state.Commands.Add(command);
        state.Time.After(at, () => _ = command.Run());
    }

    private static void Kill(SimulatedState state, Random random)
    {
        SimulatedProcess[] alive = [.. state.Silos.Select(static silo => silo.Process).Concat(state.Commands.Where(static command => command.Outcome is null).Select(static command => command.Process)).Where(static process => process.IsAlive)];
        if (alive.Length > 0) alive[random.Next(alive.Length)].End(Killed);
    }

    /// <summary>At no moment is there more than one silo that takes clients, and none leaves a command that uses it.</summary>
    private static void Guard(SimulatedState state)
    {
        state.Silos.Count(static silo => silo.IsServing && silo.Process.IsAlive).ShouldBeLessThanOrEqualTo(1);
        foreach (var silo in state.Silos.Where(static silo => silo.ExitCode == 0))
            state.Commands.Where(static command => command.Process.IsAlive).ShouldAllBe(command => !silo.Announcement.IsSameSilo(command.Uses));
        if (!state.IsOver) state.Time.After(TimeSpan.FromMilliseconds(50), () => Guard(state));
    }
}
