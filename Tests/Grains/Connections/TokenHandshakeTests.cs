using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Basgd.Contracts.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Connections;

public sealed class TokenHandshakeTests
{
    private const string Others = "its tokens are others than the one given";
    private const int NonceLength = 32;
    private const string None = "it asks for no token, so give none, or for TLS first";
    private readonly FakeTimeProvider time = new();
    private readonly Pipe there = new(), back = new();

    [Fact]
    public async Task Both_go_on_where_the_token_is_one_of_those_asked_for()
    {
        var (asking, asked) = (Asking("a"), Accepting("b", "a"));
        (await asking).ShouldBeNull();
        (await asked).ShouldBeNull();
    }

    [Fact]
    public async Task Both_say_why_where_it_is_another_one()
    {
        var (asking, asked) = (Asking("a"), Accepting("b"));
        (await asking).ShouldBe(Others);
        (await asked).ShouldBe("its token is another one");
    }

    /// <summary>As the ways are in which a connection may be seen to end while the verdict is on its way.</summary>
    public static TheoryData<Type?> Ends => new(null, typeof(ConnectionResetException), typeof(ConnectionAbortedException));

    [Theory, MemberData(nameof(Ends))]
    public async Task Whose_connection_ends_once_it_has_shown_its_token_has_another_one(Type? end)
    {
        var asking = Asking("a");
        await GiveNonce();
        await Complete(end);
        (await asking).ShouldBe(Others);
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Whose_connection_ends_before_is_asked_for_none(Type? end)
    {
        var asking = Asking("a");
        await Complete(end);
        (await asking).ShouldBe(None);
    }

    [Theory]
    [InlineData(false, None)]
    [InlineData(true, "it does not say whether its tokens are others than the one given")]
    public async Task Nobody_waits_for_long(bool isAsked, string reason)
    {
        var asking = Asking("a");
        if (isAsked) await GiveNonce();
        time.Advance(TimeSpan.FromSeconds(5));
        (await asking).ShouldBe(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("basgd1")]
    public async Task Nobody_is_waited_for_for_long(string said)
    {
        var asked = Accepting("a");
        await there.Writer.WriteAsync(Encoding.ASCII.GetBytes(said));
        if (said.Length > 0) await back.Reader.ReadAtLeastAsync(NonceLength);
        time.Advance(TimeSpan.FromSeconds(5));
        (await asked).ShouldNotBeNull().ShouldStartWith("it has no token");
    }

    private async Task Complete(Type? end) => await back.Writer.CompleteAsync(end is null ? null : (Exception)Activator.CreateInstance(end, "ended")!);

    /// <summary>And waits for what is to prove the token.</summary>
    private async Task GiveNonce()
    {
        await back.Writer.WriteAsync(new byte[NonceLength]);
        await there.Reader.ReadAtLeastAsync("basgd1".Length + HMACSHA256.HashSizeInBytes);
    }

    private Task<string?> Asking(string token) => Refusal(next => TokenHandshake.Connect(Connection(back.Reader, there.Writer), next, token, time));

    private Task<string?> Accepting(params string[] tokens) => Refusal(next => TokenHandshake.Accept(Connection(there.Reader, back.Writer), next, tokens, time));

    /// <returns>Why it was refused; null where it went on.</returns>
    private static async Task<string?> Refusal(Func<ConnectionDelegate, Task> handshake)
    {
        var goesOn = false;
        try
        {
            await handshake(_ =>
            {
                goesOn = true;
                return Task.CompletedTask;
            });
        }
        catch (ConnectionRefusedException refused)
        {
            goesOn.ShouldBeFalse();
            return refused.Message;
        }

        goesOn.ShouldBeTrue();
        return null;
    }

    private static DefaultConnectionContext Connection(PipeReader input, PipeWriter output) => new() { Transport = new Side(input, output) };

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
