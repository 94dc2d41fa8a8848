using Basgd.Protocol;
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

    [Theory]
    [InlineData(8, 2, 4)]
    [InlineData(7, 2, 4)]
    [InlineData(7, 3, 3)]
    public void A_silo_gets_at_most_its_fair_share(int workers, int silos, int share)
    {
        var table = Table(workers);
        foreach (var silo in Enumerable.Range(0, silos)) table.Acquire($"{silo}", 0);
        table.Acquire("0", workers).Count.ShouldBe(share);
        table.Acquire("0", workers).ShouldBeEmpty();
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

    private LeaseTable Table(int workers) => new(workers, Duration, time);
}
