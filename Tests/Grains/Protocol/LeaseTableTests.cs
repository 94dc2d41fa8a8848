using Basgd.Protocol;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Protocol;

public sealed class LeaseTableTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Grants_free_workers_up_to_what_is_wanted_and_none_twice()
    {
        var table = Table(5);
        table.Acquire("a", 3).Select(static lease => lease.Worker).ShouldBe([0, 1, 2]);
        table.Acquire("a", 9).Select(static lease => lease.Worker).ShouldBe([3, 4]);
        table.Acquire("a", 1).ShouldBeEmpty();
        table.Status().Select(static lease => (lease.Worker, lease.Silo)).ShouldBe([(0, "a"), (1, "a"), (2, "a"), (3, "a"), (4, "a")]);
    }

    [Fact]
    public void A_lease_expires_unless_it_is_renewed()
    {
        var table = Table(2);
        var leases = table.Acquire("a", 2);
        time.Advance(Duration - TimeSpan.FromTicks(1));
        table.Renew("a", 0, leases[0].Id).ShouldBeTrue();
        time.Advance(TimeSpan.FromTicks(1));
        table.Status().Select(static lease => lease.Worker).ShouldBe([0]);
        table.Status()[0].Expires.ShouldBe(time.GetUtcNow() + Duration - TimeSpan.FromTicks(1));
        table.Acquire("b", 1).Single().Worker.ShouldBe(1);
        table.Renew("a", 1, leases[1].Id).ShouldBeFalse();
    }

    [Fact]
    public void A_dead_silos_workers_all_go_to_the_one_that_is_left()
    {
        var table = Table(4);
        table.Acquire("a", 2).Count.ShouldBe(2);
        table.Acquire("b", 2).Count.ShouldBe(2);
        time.Advance(Duration + TimeSpan.FromTicks(1));
        table.Acquire("b", 4).Count.ShouldBe(4);
    }

    [Fact]
    public void Whom_a_silo_had_that_is_known_to_be_dead_others_get_at_once()
    {
        var table = Table(6);
        foreach (var silo in (string[])["a", "b", "c"]) table.Acquire(silo, 2).Count.ShouldBe(2);
        table.Acquire("b", 4).ShouldBeEmpty();
        table.Forget(static silo => silo == "a");
        table.Status().Select(static lease => lease.Silo).ShouldBe(["b", "b", "c", "c"]);
        table.Acquire("b", 4).Select(static lease => lease.Worker).ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData(8, 2, 4)]
    [InlineData(7, 2, 4)]
    [InlineData(7, 3, 3)]
    public void A_silo_gets_at_most_its_fair_share(int workers, int silos, int share)
    {
        var table = Table(workers);
        var names = Enumerable.Range(0, silos).Select(static silo => $"{silo}").ToArray();
        var first = table.Acquire("0", workers);
        foreach (var silo in names[1..]) table.Acquire(silo, workers).ShouldBeEmpty();
        first.Count(lease => table.Renew("0", lease.Worker, lease.Id)).ShouldBe(share);
        table.Acquire("0", workers).ShouldBeEmpty();
        foreach (var silo in names[1..]) table.Acquire(silo, workers);
        table.Status().Count.ShouldBe(workers);
        foreach (var silo in names) Held(table, silo).ShouldBeLessThanOrEqualTo(share);
    }

    /// <summary>Silos take as much as they have slots for, and what small ones leave goes to large ones.</summary>
    [Fact]
    public void A_share_that_a_small_silo_has_no_slots_for_goes_to_the_others() =>
        (from workers in Gen.Int[1, 40]
         from slots in Gen.Int[0, 12].Array[1, 5]
         select (workers, slots)).Sample((workers, slots) =>
        {
            var table = new LeaseTable(workers, Duration, time);
            var held = slots.Select(static _ => new List<(int Worker, Guid Id)>()).ToArray();
            for (var round = 0; round < 4; round++)
            {
                for (var silo = 0; silo < slots.Length; silo++)
                {
                    held[silo].RemoveAll(lease => !table.Renew($"{silo}", lease.Worker, lease.Id));
                    if (slots[silo] > held[silo].Count) held[silo].AddRange(table.Acquire($"{silo}", slots[silo] - held[silo].Count));
                }
            }

            held.Sum(static leases => leases.Count).ShouldBe(Math.Min(workers, slots.Sum()));
            var share = Enumerable.Range(0, 41).First(most => slots.Sum(count => Math.Min(count, most)) >= Math.Min(workers, slots.Sum()));
            held.ShouldAllBe(leases => leases.Count <= share);
        });

    [Fact]
    public void A_silo_whose_slots_went_to_another_job_holds_nothing_back()
    {
        var table = Table(10);
        var busy = table.Acquire("busy", 8);
        foreach (var lease in busy.Skip(2)) table.Release(lease.Worker, lease.Id);
        table.Acquire("other", 8).Count.ShouldBe(5, "for now it may still want its share");
        time.Advance(Duration / 2);
        foreach (var lease in busy.Take(2)) table.Renew("busy", lease.Worker, lease.Id).ShouldBeTrue();
        time.Advance((Duration / 2) + TimeSpan.FromTicks(1));
        foreach (var lease in busy.Take(2)) table.Renew("busy", lease.Worker, lease.Id).ShouldBeTrue();
        table.Acquire("other", 8).Count.ShouldBe(8);
    }

    [Fact]
    public void A_newcomer_gets_its_share_within_one_renewal()
    {
        var table = Table(8);
        var old = table.Acquire("old", 8);
        table.Acquire("new", 8).ShouldBeEmpty();
        old.Count(lease => table.Renew("old", lease.Worker, lease.Id)).ShouldBe(4);
        table.Acquire("old", 8).ShouldBeEmpty();
        var granted = table.Acquire("new", 8);
        granted.Count.ShouldBe(4);
        granted.ShouldAllBe(lease => table.Renew("new", lease.Worker, lease.Id));
        table.Status().Count.ShouldBe(8);
    }

    [Fact]
    public void Nobody_gives_anything_back_while_nobody_goes_short()
    {
        var table = Table(4);
        var leases = table.Acquire("a", 4);
        table.Acquire("b", 0);
        leases.ShouldAllBe(lease => table.Renew("a", lease.Worker, lease.Id));
    }

    [Fact]
    public void A_silo_that_went_short_and_died_takes_nothing_from_others()
    {
        var table = Table(4);
        var leases = table.Acquire("a", 4);
        table.Acquire("b", 4).ShouldBeEmpty();
        time.Advance(Duration + TimeSpan.FromTicks(1));
        leases.ShouldAllBe(lease => table.Renew("a", lease.Worker, lease.Id));
    }

    [Fact]
    public void A_new_table_takes_leases_of_the_old_one_back_in_where_nobody_else_has_the_worker()
    {
        var old = Table(2).Acquire("a", 2);
        var table = Table(2);
        table.Renew("a", 0, old[0].Id).ShouldBeTrue();
        var taken = table.Acquire("b", 1).Single();
        taken.Worker.ShouldBe(1);
        table.Renew("a", 1, old[1].Id).ShouldBeFalse();
        table.Renew("b", 1, taken.Id).ShouldBeTrue();
    }

    [Fact]
    public void Release_frees_the_worker_only_with_the_lease_in_force()
    {
        var table = Table(1);
        var lease = table.Acquire("a", 1).Single();
        table.Release(0, Guid.Empty);
        table.Release(7, lease.Id);
        table.Status().Count.ShouldBe(1);
        table.Release(0, lease.Id);
        table.Status().ShouldBeEmpty();
        table.Acquire("a", 1).Single().Id.ShouldNotBe(lease.Id);
    }

    [Fact]
    public void Clear_takes_all_back_and_workers_that_do_not_exist_are_refused()
    {
        var table = Table(2);
        table.Acquire("a", 2);
        table.Clear();
        table.Status().ShouldBeEmpty();
        table.Renew("a", -1, Guid.Empty).ShouldBeFalse();
        table.Renew("a", 2, Guid.Empty).ShouldBeFalse();
    }

    private static int Held(LeaseTable table, string silo) => table.Status().Count(lease => lease.Silo == silo);

    private LeaseTable Table(int workers) => new(workers, Duration, time);
}
