using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Whole nodes and their machines, in PostgreSQL with its clock moved.</summary>
public sealed class WholeNodeTests
{
    private static async Task<(Rental Host, Replica Replica)> RentAsync(TestMarket market, string dollars = "100", int slices = 8, int hours = 100)
    {
        Replica replica = market.AddReplica(settings: new Dictionary<string, string?>
        {
            ["Provisioners:main:BaseUrl"] = "http://127.0.0.1:1",
            ["Provisioners:main:Secret"] = "a-secret-of-the-tests-32-characters-long",
        });
        AccountId renter = await market.AccountAsync(dollars);
        NodeId node = await market.PublishAsync(slices: slices);
        return (Assert.IsType<NodeRented>(await RentAsync(market, renter, node, hours)).Rental, replica);
    }

    private static Task<IRentNodeResult> RentAsync(TestMarket market, AccountId renter, NodeId node, int hours = 100) => market.Replica.Get<RentNode>().Execute(
        new(renter, node, RentalTerm.OfHours(RentalHours.From(hours)), market.NewKey(), null, false), default);

    private static Task<IPlaceMachineResult> PlaceAsync(TestMarket market, (Rental Host, Replica Replica) at, int slices = 1) =>
        at.Replica.Get<PlaceMachine>().Execute(
            new(at.Host.RenterId, at.Host.Id, slices, market.NewKey(), A.SshKey, "vm", null, false), default);

    private static async Task<Rental> PlacedAsync(TestMarket market, (Rental Host, Replica Replica) at, int slices = 1)
    {
        Rental machine = Assert.IsType<MachinePlaced>(await PlaceAsync(market, at, slices)).Rental;
        await at.Replica.Get<ActivateRental>().Execute(machine.Id, default);
        return machine;
    }

    private static Task<string> StateAsync(TestMarket market, Rental rental) =>
        market.ScalarAsync<string>($"SELECT concat_ws(' ', status, end_reason, round(extract(epoch FROM ends_at - '{rental.StartsAt:O}'::timestamptz) / 3600)) "
            + $"FROM rentals WHERE id = '{rental.Id}'");

    [Fact]
    public async Task At_its_end_a_whole_node_frees_all_slices_and_ends_its_machines()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market);
        Rental machine = await PlacedAsync(market, at, slices: 5);
        await market.PassAsync(TimeSpan.FromHours(99.9));
        Rental waiting = Assert.IsType<MachinePlaced>(await PlaceAsync(market, at, slices: 3)).Rental;
        Assert.IsType<NodeFull>(await PlaceAsync(market, at));
        await market.CheckAsync();

        await market.PassAsync(TimeSpan.FromHours(100));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        Assert.Equal("Expired TermEnded 100", await StateAsync(market, at.Host));
        Assert.Equal("Cancelled HostEnded 100", await StateAsync(market, machine));
        Assert.Equal("Cancelled HostEnded 0", await StateAsync(market, waiting));
        Assert.Equal("8 true", await market.ScalarAsync<string>("SELECT concat_ws(' ', free_slices, is_sellable::text) FROM nodes"));
        Assert.Equal(2, await market.ScalarAsync<long>("SELECT count(*) FROM machines WHERE unwanted_at IS NOT NULL"));
        Assert.Equal(MicroUsd.Parse("6"), await market.EarningsAsync(market.Farmer)); // Half of 8 × 0.015 for 100 hours.
        await market.CheckAsync();
    }

    [Fact]
    public async Task Machines_follow_renewals_wait_with_their_host_in_grace_and_end_with_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market, dollars: "13");
        Rental machine = await PlacedAsync(market, at);
        SetAutoRenew set = market.Replica.Get<SetAutoRenew>();
        await set.Execute(at.Host.RenterId, at.Host.Id, at.Host.PricePerHour, default);

        await market.PassAsync(TimeSpan.FromHours(77));
        Assert.Equal(1, await market.Replica.Get<RenewRentals>().Execute(default));
        Assert.Equal("Active 200", await StateAsync(market, machine));
        await set.Execute(at.Host.RenterId, at.Host.Id, null, default);
        Assert.Equal("Active 100", await StateAsync(market, machine));
        await set.Execute(at.Host.RenterId, at.Host.Id, MicroUsdPerHour.From(1), default);
        await market.PassAsync(TimeSpan.FromHours(101));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));
        Assert.Equal("Active 100", await StateAsync(market, machine));
        Assert.IsType<AccountOwes>(await PlaceAsync(market, at));
        Assert.Equal(2, await market.ScalarAsync<int>("SELECT post_earnings(market_now() - interval '10 minutes', 100)"));

        await market.PassAsync(TimeSpan.FromHours(100 + 72.1));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        Assert.Equal("Expired GraceEnded 100", await StateAsync(market, at.Host));
        Assert.Equal("Cancelled HostEnded 100", await StateAsync(market, machine));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_farmer_ends_the_whole_node_with_a_penalty_and_not_its_machines_without_one()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market);
        Rental machine = await PlacedAsync(market, at);
        EndRental end = market.Replica.Get<EndRental>();

        Assert.IsType<RentalNotFound>(await end.Execute(market.Farmer, false, machine.Id, "Because.", default));
        Assert.Equal("Active 100", await StateAsync(market, machine));
        var ended = Assert.IsType<RentalWithdrawn>(await end.Execute(market.Farmer, false, at.Host.Id, "Because.", default));

        Assert.Equal(ended.Refund.Value / 10, ended.Penalty.Value);
        Assert.Equal("HostEnded", await market.ScalarAsync<string>($"SELECT end_reason::text FROM rentals WHERE id = '{machine.Id}'"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_machine_that_is_never_made_fails_alone_and_costs_nothing()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market);
        Rental machine = Assert.IsType<MachinePlaced>(await PlaceAsync(market, at, slices: 8)).Rental;
        MicroUsd balance = await market.BalanceAsync(at.Host.RenterId);

        await market.PassAsync(TimeSpan.FromMinutes(31));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        Assert.Equal("Failed ProvisioningFailed 100", await StateAsync(market, machine));
        Assert.Equal("Active 100", await StateAsync(market, at.Host));
        Assert.Equal(balance, await market.BalanceAsync(at.Host.RenterId));
        Assert.IsType<MachinePlaced>(await PlaceAsync(market, at, slices: 8));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Cancelling_a_node_and_its_machines_at_once_never_fails()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market, dollars: "1000");
        for (int round = 0; round < 10; round++)
        {
            Rental[] machines = [await PlacedAsync(market, at), await PlacedAsync(market, at)];

            ICancelRentalResult[] answers = await Task.WhenAll(machines.Append(at.Host).Select(rental => Task.Run(() => market.CancelAsync(rental))));

            Assert.IsType<RentalCancelled>(answers[2]);
            Assert.All(answers, answer => Assert.True(answer is RentalCancelled or RentalAlreadyEnded, answer.ToString()));
            at = (Assert.IsType<NodeRented>(await RentAsync(market, at.Host.RenterId, at.Host.NodeId)).Rental, at.Replica);
        }
        await market.CheckAsync();
    }

    [Fact]
    public async Task PostgreSQL_counts_machines_whoever_places_them()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market, slices: 4);
        await PlacedAsync(market, at, slices: 3);

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(
            """
            INSERT INTO rentals (id, renter_id, node_id, farmer_id, kind, host_rental_id, multiplier, quantity, slice_total, price_per_hour, hours, discount,
                paid, refunded, status, starts_at, ends_at, ssh_public_key, version)
            SELECT gen_random_uuid(), renter_id, node_id, farmer_id, 'Machine', id, 1, 2, 2, 0, hours, 0, 0, 0, 'Active', starts_at, ends_at, '', 1
            FROM rentals WHERE kind = 'WholeNode'
            """));

        Assert.Equal("machines_fit_their_host", refused.ConstraintName);
    }

    [Fact]
    public async Task A_term_that_is_over_frees_its_node_for_whoever_wants_all_of_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market);
        AccountId next = await market.AccountAsync("100");
        Assert.IsType<NodeAlreadyRented>(await RentAsync(market, next, at.Host.NodeId));

        await market.PassAsync(TimeSpan.FromHours(100)); // The pass that ends rentals has not run.

        Assert.IsType<NodeRented>(await RentAsync(market, next, at.Host.NodeId));
        Assert.Equal("Expired TermEnded 100", await StateAsync(market, at.Host));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_replica_of_the_previous_release_ends_no_machine_whose_host_is_in_grace()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        var at = await RentAsync(market, dollars: "13");
        Rental machine = await PlacedAsync(market, at);
        await market.Replica.Get<SetAutoRenew>().Execute(at.Host.RenterId, at.Host.Id, MicroUsdPerHour.From(1), default);
        await market.PassAsync(TimeSpan.FromHours(101));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(
            $"""
            UPDATE rentals SET status = 'Expired', ended_at = ends_at, end_reason = 'TermEnded', version = version + 1 WHERE id = '{machine.Id}'
            """));

        Assert.Equal("rentals_expire_at_their_end", refused.ConstraintName);
        Assert.Equal("Active 100", await StateAsync(market, machine));
    }
}
