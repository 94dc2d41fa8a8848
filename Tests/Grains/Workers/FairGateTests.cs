namespace Basgd.Grains.Tests.Workers;

public sealed class FairGateTests
{
    [Fact]
    public async Task Places_are_free_until_they_are_taken()
    {
        var gate = new FairGate(2);
        await gate.Enter("a");
        await gate.Enter("b");
        var third = gate.Enter("c");
        third.IsCompleted.ShouldBeFalse();
        gate.Leave();
        await third;
    }

    [Fact]
    public async Task Equals_take_turns()
    {
        var gate = new FairGate(1);
        await gate.Enter("holder");
        List<(string Who, Task Turn)> queue = [.. new[] { "a", "a", "b", "a", "b" }.Select(who => (who, gate.Enter(who)))];
        (await Order(gate, queue)).ShouldBe(["a", "b", "a", "b", "a"]);
    }

    [Fact]
    public async Task Who_was_away_goes_before_those_who_had_their_turns()
    {
        var gate = new FairGate(1);
        await gate.Enter("holder");
        List<(string Who, Task Turn)> queue = [("a", gate.Enter("a")), ("b", gate.Enter("b")), ("a", gate.Enter("a")), ("b", gate.Enter("b"))];
        queue.Add(("returned", gate.Enter("returned")));
        (await Order(gate, queue)).ShouldBe(["a", "b", "returned", "a", "b"]);
    }

    [Fact]
    public async Task Being_away_saves_no_turns_up()
    {
        var gate = new FairGate(1);
        for (var turn = 0; turn < 100; turn++)
        {
            await gate.Enter("busy");
            gate.Leave();
        }

        await gate.Enter("busy");
        List<(string Who, Task Turn)> queue = [.. new[] { "late", "late", "late", "busy", "busy" }.Select(who => (who, gate.Enter(who)))];
        (await Order(gate, queue)).ShouldBe(["late", "late", "busy", "late", "busy"]);
    }

    private static async Task<List<string>> Order(FairGate gate, List<(string Who, Task Turn)> queue)
    {
        List<string> order = [];
        while (queue.Count > 0)
        {
            gate.Leave();
            await Task.WhenAny(queue.Select(entry => entry.Turn));
            var (who, turn) = queue.Single(entry => entry.Turn.IsCompleted);
            order.Add(who);
            queue.Remove((who, turn));
        }

        return order;
    }
}
