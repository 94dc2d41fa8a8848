using Basgd.Contracts;

namespace Basgd.Grains.Tests.Protocol;

public sealed class LedgerAuditTests
{
    private static readonly JobSpec Spec = new() { Workers = 3, Buffers = 2, MaxStaleness = 2, Durability = Durability.Acknowledged };

    [Fact]
    public void A_whole_ledger_has_no_problems()
    {
        var audit = Read(Entry(1, [C(0, 0), C(2, 0), C(0, 1)], [C(1, 0)]), Entry(2, [C(2, 1, 1)], [C(1, 1, 0)]));
        audit.End(Given.At(2), 6);
        audit.Acknowledged([Holdings(0, new() { [0] = 2, [2] = 1 }, C(0, 2, 2)), Holdings(0, new() { [1] = 1 })]).ShouldBe(0);
        audit.Messages.ShouldBeEmpty();
        (audit.Steps, audit.Gradients, audit.Missing).ShouldBe((2, 6, 0));
    }

    [Fact]
    public void A_contribution_in_two_steps_is_found() =>
        Read(Entry(1, [C(0, 0)], [C(1, 0)]), Entry(2, [C(0, 0)], [C(1, 1)])).Messages.ShouldHaveSingleItem().ShouldContain("worker 0's 0");

    [Fact]
    public void Order_matters() =>
        Read(Entry(1, [C(0, 1)], [C(1, 0)]), Entry(2, [C(0, 0)], [C(1, 1)])).Problems.ShouldBe(1);

    [Fact]
    public void Steps_that_are_missing_or_go_back_are_found()
    {
        Read(Entry(2, [C(0, 0)], [C(1, 0)])).Messages.ShouldHaveSingleItem().ShouldBe("step 2 follows step 0");
        Read(Entry(1, [C(0, 0)], [C(1, 0)], generation: 1), Entry(2, [C(0, 1)], [C(1, 1)])).Messages.ShouldHaveSingleItem().ShouldContain("generation");
        Read(Entry(1, [C(0, 0)], [C(1, 0)], epoch: 3), Entry(2, [C(0, 1)], [C(1, 1)], epoch: 2)).Messages.ShouldHaveSingleItem().ShouldContain("epoch");
    }

    [Fact]
    public void Empty_missing_and_unknown_are_found()
    {
        Read(Entry(1, [C(0, 0)], [])).Messages.ShouldHaveSingleItem().ShouldContain("buffer 1 is empty");
        Read(new LedgerEntry(Given.At(1), 0, [[C(0, 0)]])).Messages.ShouldHaveSingleItem().ShouldContain("1 buffers");
        Read(Entry(1, [C(3, 0)], [C(1, 0)])).Messages.ShouldHaveSingleItem().ShouldContain("no worker 3");
        Read(Entry(1, [C(0, 0, 1)], [C(1, 0)])).Messages.ShouldHaveSingleItem().ShouldContain("later model 1");
    }

    [Fact]
    public void An_end_that_is_not_the_models_is_found()
    {
        var audit = Read(Entry(1, [C(0, 0)], [C(1, 0)]));
        audit.End(Given.At(2), 3);
        audit.Messages.ShouldBe(["the ledger ends at step 1, the model is at step 2", "2 contributions are in the ledger, 3 were applied"]);
    }

    [Fact]
    public void What_is_acknowledged_and_nowhere_is_found_between_steps_and_after_the_last()
    {
        var audit = Read(Entry(1, [C(0, 0)], [C(1, 0)]), Entry(2, [C(0, 3)], [C(1, 1)]));
        audit.Missing.ShouldBe(2);
        audit.Acknowledged([Holdings(0, new() { [0] = 5, [2] = -1 }, C(0, 5)), Holdings(0, new() { [1] = 1 })]).ShouldBe(0);
        audit.Messages.ShouldBe(["worker 0: 2 of the sequence numbers 1 … 2 were acknowledged and are in no step", "worker 0: 1 of the sequence numbers 4 … 5 were acknowledged and are in no step"]);
    }

    [Fact]
    public void A_reassignment_a_new_generation_and_counted_refusals_explain_what_is_missing()
    {
        Read(Entry(1, [C(0, 0)], [C(1, 0)]), Entry(2, [C(0, 3)], [C(1, 1)], epoch: 1)).ShouldExplain(2, Holdings(1, new() { [0] = 3, [1] = 1 }));
        Read(Entry(1, [C(0, 0)], [C(1, 0)]), Entry(2, [C(0, 3, 1, 1)], [C(1, 1, 1, 1)], generation: 1)).ShouldExplain(2, Holdings(0, new() { [0] = 3, [1] = 1 }));
        Read(Entry(1, [C(0, 0)], [C(1, 0)])).ShouldExplain(4, Holdings(1, new() { [0] = 4 }), Holdings(1, new() { [1] = 0 }));
        Read(Entry(1, [C(0, 0)], [C(1, 0)])).ShouldExplain(4, Holdings(0, new() { [0] = 4 }) with { Generation = 1 }, Holdings(0, new() { [1] = 0 }));
        Read(Entry(1, [C(0, 0)], [C(1, 0)]), Entry(2, [C(0, 3)], [C(1, 1)])).ShouldExplain(2, Holdings(0, new() { [0] = 3, [1] = 1 }) with { Skipped = 2 });
    }

    private static LedgerAudit Read(params LedgerEntry[] entries)
    {
        var audit = new LedgerAudit(Spec);
        foreach (var entry in entries) audit.Read(entry);
        return audit;
    }

    private static LedgerEntry Entry(long step, Contribution[] first, Contribution[] second, int epoch = 0, int generation = 0) =>
        new(Given.At(step, generation), epoch, [first, second]);

    private static Contribution C(int worker, long sequence, long step = 0, int generation = 0) => new(worker, sequence, Given.At(step, generation));

    private static BufferHoldings Holdings(int epoch, Dictionary<int, long> last, params Contribution[] held) => new(0, epoch, last, held, 0);
}

internal static class AuditAssertions
{
    public static void ShouldExplain(this LedgerAudit audit, long explained, params BufferHoldings[] buffers)
    {
        audit.Acknowledged(buffers).ShouldBe(explained);
        audit.Messages.ShouldBeEmpty();
    }
}
