using System.Net.Sockets;
using Basgd.Tests.Servers;

namespace Basgd.Silo.Tests.Servers;

/// <summary>What other tests rely on: servers that are there when asked for, gone when not, and back when started again.</summary>
[Trait("category", "slow")]
public sealed class ServerTests
{
    [Theory]
    [InlineData(typeof(RedisServer))]
    [InlineData(typeof(PostgresServer))]
    [InlineData(typeof(AzuriteServer))]
    public async Task A_server_answers_once_it_is_started_until_it_is_killed(Type type)
    {
        var server = (Server)Activator.CreateInstance(type)!;
        await using (server)
        {
            await server.InitializeAsync();
            (await Answers(server.Port)).ShouldBeTrue();
            await server.Kill();
            (await Answers(server.Port)).ShouldBeFalse();
            await server.Restart();
            (await Answers(server.Port)).ShouldBeTrue();
        }

        (await Answers(server.Port)).ShouldBeFalse();
    }

    private static async Task<bool> Answers(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
