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
        attendance.Note([Seal(0, 1), Seal(2)]);
        time.Advance(TimeSpan.FromSeconds(10));
        attendance.Note([Seal(1)]);
        attendance.Within(10).ShouldBe([0, 1, 2], ignoreOrder: true);
        attendance.Within(9.999).ShouldBe([1]);
        time.Advance(TimeSpan.FromSeconds(1));
        attendance.Within(0.999).ShouldBeEmpty();
        attendance.Within(double.PositiveInfinity).Count.ShouldBe(3);
    }

    private static SealedRound Seal(params int[] workers) => new(0, Given.Vector(0), [.. workers.Select(static worker => new Contribution(worker, 0))], 0);
}
