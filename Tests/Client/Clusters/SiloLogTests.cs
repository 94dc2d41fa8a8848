using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;

namespace Basgd.Client.Tests.Clusters;

/// <summary>What the log of a silo says of its end.</summary>
public sealed class SiloLogTests : IDisposable
{
    private const string Record = "07:28:57.650 info: Basgd.Grains.ModelGrain[1612513252] job1 opened at step 0";
    private readonly TemporaryFolder state = new();
    private readonly SiloLog log;

    public SiloLogTests() => log = new SiloLog(state.Path);

    public void Dispose() => state.Dispose();

    [Theory]
    [InlineData("State = /s: must be a directory that no other silo holds\n", "State = /s: must be a directory that no other silo holds")]
    [InlineData("ready 127.0.0.1:30000\nNo space left on device\n", "No space left on device")]
    [InlineData("Unhandled exception. System.OutOfMemoryException: too large\n   at A.B()\n   --- End of inner exception stack trace ---\n   at C.D()\n", "Unhandled exception. System.OutOfMemoryException: too large")]
    public void A_plain_last_line_is_the_reason(string printed, string reason)
    {
        Print(Record, printed);
        log.EndReason(0).ShouldBe(reason);
    }

    [Theory]
    [InlineData(Record)]
    [InlineData("07:28:57.650 warn: Orleans.Runtime.Messaging.Connection[816022561] Exception while processing messages  ---> System.Net.Sockets.SocketException (104): reset    at A.B()    at C.D()")]
    [InlineData("")]
    public void A_log_record_is_no_reason(string last)
    {
        Print("State = /s: must be a directory that no other silo holds", last);
        log.EndReason("State = /s: must be a directory that no other silo holds\n".Length).ShouldBeNull();
    }

    [Fact]
    public void A_log_that_is_missing_gives_no_reason() => log.EndReason(0).ShouldBeNull();

    private void Print(params string[] lines) => File.WriteAllLines(log.Path, lines);
}
