using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Slices that are held while somebody decides.</summary>
public sealed class ReservationTests
{
    private static Task<IReserveSlicesResult> HoldAsync(
        TestMarket market, AccountId account, NodeId node, int quantity = 1, int minutes = 5, IdempotencyKey? key = null) =>
        market.Replica.Get<ReserveSlices>().Execute(
            account, new HoldRequest(SliceCombinationId.Of(node, 1), quantity, TimeSpan.FromMinutes(minutes)), key ?? market.NewKey(), default);

    private static async Task<Reservation> HeldAsync(TestMarket market, AccountId account, NodeId node, int quantity = 1, int minutes = 5) =>
        Assert.IsType<SlicesReserved>(await HoldAsync(market, account, node, quantity, minutes)).Reservation;

    [Fact]
    public async Task Held_slices_are_taken_for_everybody_else_and_rented_by_their_holder()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 3);
        AccountId holder = await market.AccountAsync("10");
        Reservation held = await HeldAsync(market, holder, node, quantity: 2);

        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(await market.AccountAsync("10"), node, quantity: 2)));
        Assert.Equal("2 2 1", await market.ScalarAsync<string>("SELECT allocated_slices || ' ' || reserved_slices || ' ' || free_slices FROM nodes"));
        await market.CheckAsync();
        List<int> kept = await SlicesAsync();
        Rental rental = await market.RentedAsync(market.Request(holder, node, quantity: 2) with { ReservationId = held.Id });

        Assert.Equal(kept, await SlicesAsync()); // The very same slices.
        Assert.Equal("2 0 1", await market.ScalarAsync<string>("SELECT allocated_slices || ' ' || reserved_slices || ' ' || free_slices FROM nodes"));
        Assert.Equal(
            ["SlicesReserved", "SlicesRented"],
            await market.RowsAsync("SELECT reason::text FROM events WHERE reason::text LIKE 'Slices%' ORDER BY id", row => row.GetString(0)));
        Assert.Equal(rental.Id.Value, await market.ScalarAsync<Guid>("SELECT rental_id FROM reservations"));
        await market.CheckAsync();

        Task<List<int>> SlicesAsync() => market.RowsAsync("SELECT slice_index::integer FROM slices ORDER BY 1", row => row.GetInt32(0));
    }

    [Fact]
    public async Task A_reservation_is_used_once_by_its_account_and_for_what_it_holds()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId holder = await market.AccountAsync("10");
        Reservation held = await HeldAsync(market, holder, node);

        Assert.IsType<ReservationNotFound>(await market.RentAsync(market.Request(await market.AccountAsync("10"), node) with { ReservationId = held.Id }));
        Assert.IsType<ReservationNotFound>(await market.RentAsync(market.Request(holder, node) with { ReservationId = ReservationId.New(A.Noon) }));
        Assert.IsType<ReservationMismatch>(await market.RentAsync(market.Request(holder, node, quantity: 2) with { ReservationId = held.Id }));
        RentRequest request = market.Request(holder, node) with { ReservationId = held.Id };
        IRentSlicesResult[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => market.RentAsync(request)));
        Assert.Single(answers.Select(answer => Assert.IsType<SlicesRented>(answer).Rental.Id).Distinct());
        Assert.Equal(
            ReservationEndReason.Rented,
            Assert.IsType<ReservationEnded>(await market.RentAsync(market.Request(holder, node) with { ReservationId = held.Id })).EndReason);
        Assert.IsType<ReservationEnded>(await market.Replica.Get<ReleaseReservation>().Execute(holder, held.Id, default));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_refused_rental_leaves_the_reservation_as_it_was()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 1);
        AccountId poor = await market.AccountAsync("0.01");
        Reservation held = await HeldAsync(market, poor, node);

        Assert.IsType<InsufficientFunds>(await market.RentAsync(market.Request(poor, node) with { ReservationId = held.Id }));

        Assert.Equal(1, await market.ScalarAsync<int>("SELECT reserved_slices FROM nodes"));
        await market.CheckAsync();
    }

    [Theory]
    [InlineData(299, false)]
    [InlineData(300, true)]
    public async Task A_hold_ends_by_itself_at_its_instant_and_not_before(int seconds, bool isOver)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 1);
        AccountId holder = await market.AccountAsync("10");
        Reservation held = await HeldAsync(market, holder, node);
        AccountId other = await market.AccountAsync("10");

        await market.PassAsync(TimeSpan.FromSeconds(seconds - (isOver ? 0 : 30)));

        Assert.Equal(isOver, await market.RentAsync(market.Request(other, node)) is SlicesRented); // Whether the pass has run or not.
        Assert.Equal(isOver, await market.RentAsync(market.Request(holder, node) with { ReservationId = held.Id }) is ReservationEnded);
        Assert.Equal(0, await market.Replica.Get<ReleaseHolds>().Execute(default)); // Nothing is left to do.
        await market.CheckAsync();
    }

    [Fact]
    public async Task The_pass_frees_what_is_over_whichever_replica_runs_it_and_forgets_it_days_later()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        foreach (AccountId account in await market.AccountsAsync(10))
            await HeldAsync(market, account, await market.PublishAsync(await market.ScalarAsync<long>("SELECT count(*) + 1 FROM nodes")));
        await market.PassAsync(TimeSpan.FromMinutes(6));

        int[] released = await Task.WhenAll(new[] { market.Replica, other }.Select(replica => Task.Run(() => replica.Get<ReleaseHolds>().Execute(default))));

        Assert.Equal(10, released.Sum() + await market.Replica.Get<ReleaseHolds>().Execute(default));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT sum(allocated_slices) FROM nodes"));
        await market.CheckAsync();
        Assert.Equal(0, await market.Replica.Get<ReleaseHolds>().Prune(default));
        await market.PassAsync(TimeSpan.FromDays(4));
        Assert.Equal(10, await market.Replica.Get<ReleaseHolds>().Prune(default));
    }

    [Fact]
    public async Task An_account_holds_three_times_and_thirty_two_slices_at_most()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 100);
        AccountId account = await market.AccountAsync();
        Reservation first = await HeldAsync(market, account, node, quantity: 30, minutes: 10);

        var tooMany = Assert.IsType<ReservationLimitReached>(await HoldAsync(market, account, node, quantity: 3));
        Assert.Equal((1, 30, first.ExpiresAt), (tooMany.Reservations, tooMany.Slices, tooMany.RetryAt!.Value));
        Assert.Null(Assert.IsType<ReservationLimitReached>(await HoldAsync(market, account, node, quantity: 33)).RetryAt);
        await HeldAsync(market, account, node);
        await HeldAsync(market, account, node);
        Assert.IsType<ReservationLimitReached>(await HoldAsync(market, account, node));
        Assert.IsType<ReservationReleased>(await market.Replica.Get<ReleaseReservation>().Execute(account, first.Id, default));
        await HeldAsync(market, account, node);
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_crowd_holds_and_rents_each_slice_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 10);
        AccountId[] accounts = await market.AccountsAsync(30, "10");

        object[] answers = await Task.WhenAll(accounts.Select((account, number) => Task.Run(async () =>
            number % 2 == 0 ? (object)await HoldAsync(market, account, node) : await market.RentAsync(market.Request(account, node)))));

        Assert.Equal(10, answers.Count(answer => answer is SlicesReserved or SlicesRented));
        Assert.All(answers.Where(answer => answer is not (SlicesReserved or SlicesRented)), answer => Assert.IsType<NotEnoughSlices>(answer));
        await market.CheckAsync();
    }

    [Fact]
    public async Task The_same_key_holds_once_and_bad_requests_hold_nothing()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        AccountId account = await market.AccountAsync();
        IdempotencyKey key = market.NewKey();

        var first = Assert.IsType<SlicesReserved>(await HoldAsync(market, account, node, key: key));
        Assert.Equal(first.Reservation.Id, Assert.IsType<SlicesReserved>(await HoldAsync(market, account, node, key: key)).Reservation.Id);
        Assert.IsType<IdempotencyKeyReused>(await HoldAsync(market, account, node, quantity: 2, key: key));
        Assert.IsType<InvalidHoldTime>(await HoldAsync(market, account, node, minutes: 31));
        Assert.IsType<InvalidHoldTime>(await HoldAsync(market, account, node, minutes: 0));
        Assert.IsType<NotEnoughSlices>(await HoldAsync(market, account, node, quantity: 4));
        Assert.IsType<SliceCombinationNotFound>(await HoldAsync(market, account, new NodeId(77)));
        Assert.IsType<ReservationNotFound>(await market.Replica.Get<ReleaseReservation>().Execute(await market.AccountAsync(), first.Reservation.Id, default));

        Assert.Equal(1, await market.ScalarAsync<int>("SELECT allocated_slices FROM nodes"));
        await market.CheckAsync();
    }
}
