using System.Net;
using System.Net.Sockets;
using System.Text;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts.Access;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>What somebody between a client and a silo learns, and can do with it.</summary>
[Trait("category", "slow")]
public sealed class WireTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly Authority authority;
    private readonly int gateway = Server.FreePort();

    public WireTests() => authority = new Authority(folder.Path, "authority");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Without_TLS_calls_are_read_with_their_ticket_but_no_token_and_what_was_sent_opens_nothing_again()
    {
        await using var silo = await Silo(Tokens);
        var heard = await Listen([]);
        Has(heard, Token.Ticket(Act)).ShouldBeTrue();
        Has(heard, Act).ShouldBeFalse();

        using var again = new TcpClient();
        await again.ConnectAsync(IPAddress.Loopback, gateway);
        await again.GetStream().WriteAsync(heard);
        await silo.Prints("its token is another one");
    }

    [Fact]
    public async Task With_TLS_nothing_is_read_and_nothing_changed()
    {
        await using var silo = await Silo(Tokens.With(authority.Silo()));
        var shown = authority.ForClient().Options();
        var heard = await Listen(shown);
        foreach (var known in (string[])[Token.Ticket(Act), Act, Token.TicketName, "basgd"]) Has(heard, known).ShouldBeFalse(known);

        // Of what comes after the handshake.
        await using var relay = new Relay(gateway) { Flips = heard.Length * 3 / 4 };
        await Ask(1, Act, ["silos", "--cluster", relay.Address, .. shown]);
        await Ask(0, Act, ["silos", "--cluster", $"127.0.0.1:{gateway}", .. shown]);
    }

    private Task<Program> Silo(Dictionary<string, string> options) =>
        Start(["--state", Path.Combine(folder.Path, "silo"), "--gateway-port", $"{gateway}"], options);

    /// <returns>What a client sent through somebody who listens.</returns>
    private async Task<byte[]> Listen(string[] shown)
    {
        var relay = new Relay(gateway);
        await using (relay) await Ask(0, Act, ["silos", "--cluster", relay.Address, .. shown]);
        return relay.Sent.MaxBy(static sent => sent.Length)!;
    }

    private static bool Has(byte[] heard, string text) => heard.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
