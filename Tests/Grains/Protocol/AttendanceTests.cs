using Basgd.Contracts;
using Basgd.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Protocol;

public sealed class AttendanceTests
{
    [Fact]
    public void Remembers_when_each_worker_was_last_heard()
    {
        var time = new FakeTimeProvider();
        var attendance = new Attendance(time);
        var start = time.GetUtcNow();
        attendance.Note([Seal(0, 1), Seal(2)]);
        time.Advance(TimeSpan.FromSeconds(10));
        attendance.Note([Seal(1)]);
        attendance.Since(start).ShouldBe([0, 1, 2], ignoreOrder: true);
        attendance.Since(start + TimeSpan.FromTicks(1)).ShouldBe([1]);
        attendance.Since(start + TimeSpan.FromSeconds(11)).ShouldBeEmpty();
    }

    private static SealedRound Seal(params int[] workers) => new(0, Given.Vector(0), [.. workers.Select(static worker => new Contribution(worker, 0))], 0);
}
