using System.Net;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>A silo whose address is that of a pod, asked on the loopback as <c>kubectl port-forward</c> does.</summary>
[Trait("category", "slow")]
public sealed class ListeningTests
{
    private const string Pod = "127.0.0.2";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_a_silo_that_listens_on_all_is_reached_there(bool listensOnAll)
    {
        using var state = new StateFolder();
        var (gateway, health, page) = (Server.FreePort(), Server.FreePort(), Server.FreePort());
        string[] arguments = ["--state", state.Path, "--address", Pod, "--gateway-port", $"{gateway}", "--health-port", $"{health}", "--page-port", $"{page}", $"--Basgd:Silo:ListenOnAll={listensOnAll}"];
        await using var silo = await Start(arguments, []);

        using var http = new HttpClient();
        foreach (var path in (string[])[$"{health}/health/live", $"{page}/api/page"])
        {
            (await http.GetAsync(new Uri($"http://{Pod}:{path}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
            var there = http.GetAsync(new Uri($"http://127.0.0.1:{path}"));
            if (listensOnAll) (await there).StatusCode.ShouldBe(HttpStatusCode.OK);
            else await Should.ThrowAsync<HttpRequestException>(there);
        }

        await Ask(0, null, ["silos", "--cluster", $"{Pod}:{gateway}"]);
        await Ask(listensOnAll ? 0 : 1, null, ["silos", "--cluster", $"127.0.0.1:{gateway}"]);
    }
}
