using System.Net.Sockets;
using Basgd.Contracts;

namespace Basgd.Grains.Tests.Failures;

/// <summary>Any exception becomes one line for people.</summary>
public sealed class FailureReasonTests
{
    private static readonly SocketException Refused = new((int)SocketError.ConnectionRefused);

    public static TheoryData<Exception, string> Reasons => new()
    {
        { new InvalidOperationException("Something odd. "), "something odd" },
        { new OrleansException("Error from storage provider X during Write\n Exc level 0: Y", new IOException("No space left on device : '/s/a.tmp'")), "no space left on device : '/s/a.tmp'" },
        { new AggregateException("Retry failed after 4 tries.", new HttpRequestException("Connection refused (127.0.0.1:10000)", Refused), new HttpRequestException("later")), "connection refused (127.0.0.1:10000)" },
        { new IOException("nothing answers at localhost:6379", Refused), "connection refused" },
        { new OrleansException("wrapped", new JobRefusedException("batch = 0: must be >= 1")), "batch = 0: must be >= 1" },
        { new WorkloadFailedException("cannot be had. Tried:\n  - here\n  - there", false), "cannot be had. Tried: - here - there" },
        { new TimeoutException("Response did not arrive on time in 00:00:30 for message: Request [S1 ...]."), "no answer within 30 s" },
        { new TimeoutException("model 3 could not be fetched in time"), "model 3 could not be fetched in time" },
        { new TaskCanceledException("A task was canceled."), "no answer in time" },
        { new InsufficientMemoryException("Array dimensions exceeded supported range."), "out of memory: array dimensions exceeded supported range" },
        { new ArgumentException("Could not find an implementation for interface basgd.IWorkloadGrain"), "no worker silo has joined the cluster; start one with the role worker or all" },
        { new ArgumentException("Could not find an implementation for interface basgd.IJobDirectoryGrain"), "no server silo has joined the cluster; start one with the role server or all" },
        { new InvalidOperationException(""), "InvalidOperationException" },
        { new InvalidOperationException("allocate failed\nException raised from here\nframe #0: there"), "allocate failed" },
        { new IOException("at redis://me:word@host:1/2 with Password=a;AccountKey=b==;next"), "at redis://***@host:1/2 with Password=***;AccountKey=***;next" },
    };

    [Theory, MemberData(nameof(Reasons))]
    public void It_is_the_cause_in_one_line(Exception failure, string reason) => FailureReason.From(failure).ShouldBe(reason);

    [Fact]
    public void It_is_never_long_and_has_no_stack()
    {
        var failure = Thrown(new InvalidOperationException(new string('x', 5_000), Thrown(new IOException(new string('y', 5_000)))));

        var reason = FailureReason.From(failure);

        reason.Length.ShouldBe(FailureReason.MaxLength);
        reason.ShouldNotContain(" at ");
        reason.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData(typeof(NullReferenceException), false)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(InsufficientMemoryException), true)]
    public void Only_what_nobody_expects_deserves_its_stack(Type type, bool isExpected) =>
        FailureReason.IsExpected((Exception)Activator.CreateInstance(type)!).ShouldBe(isExpected);

    private static Exception Thrown(Exception failure)
    {
        try
        {
            throw failure;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }
}
