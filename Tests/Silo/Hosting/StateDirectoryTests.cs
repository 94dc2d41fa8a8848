using System.Text.Json;
using Basgd.Contracts.Attaching;
using Basgd.Silo.Hosting;

namespace Basgd.Silo.Tests.Hosting;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void ASecondSiloIsTurnedAwayUntilTheFirstLetsGo()
    {
        using (StateDirectory.Hold(directory.Path))
        {
            var refusal = Should.Throw<StateDirectoryException>(() => StateDirectory.Hold(directory.Path));
            refusal.Message.ShouldStartWith($"State = {directory.Path}: must be");
        }

        StateDirectory.Hold(directory.Path).Dispose();
    }

    [Fact]
    public void AFileIsNoStateDirectory()
    {
        var file = Path.Combine(directory.Path, "file");
        File.WriteAllText(file, "");
        Should.Throw<StateDirectoryException>(() => StateDirectory.Hold(file)).Message.ShouldStartWith($"State = {file}: must be");
    }

    [Fact]
    public void IsCreatedWhereItIsMissing()
    {
        var path = Path.Combine(directory.Path, "a", "b");
        using var state = StateDirectory.Hold(path);
        state.Path.ShouldBe(path);
        Directory.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public void TheAnnouncementIsThereWhileTheSiloIs()
    {
        var file = Path.Combine(directory.Path, "silo.json");
        using (var state = StateDirectory.Hold(directory.Path))
        {
            state.Share.Announce(new SiloAnnouncement(Environment.ProcessId, 30_123, "127.0.0.2"));
            using var announced = JsonDocument.Parse(File.ReadAllText(file));
            announced.RootElement.GetProperty("gateway").GetInt32().ShouldBe(30_123);
            announced.RootElement.GetProperty("address").GetString().ShouldBe("127.0.0.2");
            announced.RootElement.GetProperty("pid").GetInt32().ShouldBe(Environment.ProcessId);
        }

        File.Exists(file).ShouldBeFalse();
    }
}
