using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Xunit.Abstractions;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Whatever renters, farmers, the grid and time do, in whatever order and all at once, what must hold holds.</summary>
public sealed class RandomScriptTests(ITestOutputHelper output)
{
    private const int Actors = 8;
    private const int StepsEach = 40;
    private const int Nodes = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20260101)]
    public async Task Invariants_survive_a_random_script_of_concurrent_actors(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        for (int id = 1; id <= Nodes; id++)
            await market.PublishAsync(id, slices: 12);
        AccountId[] renters = await market.AccountsAsync(4, "20");

        var clock = new Clock(market);

        await Task.WhenAll(Enumerable.Range(0, Actors).Select(actor => Task.Run(() =>
            new Actor(market, actor % 2 == 0 ? market.Replica : other, renters, clock, new Random(seed * 1_000 + actor)).RunAsync())));

        await market.Replica.Get<ExpireRentals>().Execute(default); // Those whose wallet or node another actor held.
        await market.Replica.Get<ReleaseHolds>().Execute(default);
        await market.CheckAsync();
        await market.Replica.Get<PostEarnings>().Execute(default);
        await market.CheckAsync();
        output.WriteLine(string.Join(", ", await market.RowsAsync(
            """
            SELECT reason || ' ' || count(*) FROM rental_timeline GROUP BY reason
            UNION ALL SELECT 'Hold' || coalesce(end_reason, 'Open') || ' ' || count(*) FROM reservations GROUP BY end_reason
            """, row => row.GetString(0))));
        Assert.True(await market.ScalarAsync<long>("SELECT count(*) FROM rentals") > 10, "The script rented too little to show anything.");
        Assert.True(await market.ScalarAsync<long>("SELECT count(*) FROM rentals WHERE status <> 'Active'") > 5,
            "The script ended too little to show anything.");
    }

    /// <summary>Time passes for everybody at once.</summary>
    private sealed class Clock(TestMarket market)
    {
        private readonly SemaphoreSlim one = new(1);
        private TimeSpan ahead;

        public async Task PassAsync(TimeSpan time)
        {
            await one.WaitAsync();
            try
            {
                ahead += time;
                await market.PassAsync(ahead);
            }
            finally
            {
                one.Release();
            }
        }
    }

    private sealed class Actor(TestMarket market, Replica replica, AccountId[] renters, Clock clock, Random random)
    {
        private readonly List<Rental> mine = [];
        private readonly List<Reservation> held = [];

        public async Task RunAsync()
        {
            for (int step = 0; step < StepsEach; step++)
                await StepAsync();
        }

        private Task StepAsync() => random.Next(32) switch
        {
            < 9 => RentAsync(),
            < 13 => CancelAsync(),
            < 16 => ExpireAsync(),
            < 17 => replica.Get<DepositFunds>().Execute(
                Domain.Audit.Actor.Command, Renter(), MicroUsd.From(random.Next(1, 5_000_000)), market.NewKey(), default),
            < 19 => ReportAsync(),
            < 20 => replica.Get<SetNodePricing>().Execute(market.Farmer, Node(), MicroUsdPerHour.From(random.Next(1_000, 40_000)), default),
            < 24 => ExtendAsync(),
            < 26 => RenewAsync(),
            < 30 => HoldAsync(),
            < 31 => EarnAsync(),
            _ => ToggleAsync(),
        };

        private async Task EarnAsync()
        {
            await replica.Get<PostEarnings>().Execute(default);
            await replica.Get<PayPenalties>().Execute(default);
        }

        private async Task ExtendAsync()
        {
            if (Mine() is { } rental)
            {
                await replica.Get<ExtendRental>().Execute(
                    rental.RenterId, rental.Id, RentalTerm.OfHours(RentalHours.From(random.Next(1, 200))), null, market.NewKey(), default);
            }
        }

        private async Task RenewAsync()
        {
            if (Mine() is { } rental)
            {
                MicroUsdPerHour? max = random.Next(3) == 0 ? null : MicroUsdPerHour.From(random.Next(10_000, 300_000));
                await replica.Get<SetAutoRenew>().Execute(rental.RenterId, rental.Id, max, default);
            }
            await replica.Get<RenewRentals>().Execute(default);
        }

        /// <summary>Holds slices, or does something with those that are held.</summary>
        private async Task HoldAsync()
        {
            if (held.Count == 0 || random.Next(2) == 0)
            {
                var request = new HoldRequest(SliceCombinationId.Of(Node(), 1 << random.Next(3)), random.Next(1, 3), TimeSpan.FromMinutes(random.Next(1, 30)));
                if (await replica.Get<ReserveSlices>().Execute(Renter(), request, market.NewKey(), default) is SlicesReserved { Reservation: var reservation })
                    held.Add(reservation);
                return;
            }
            Reservation one = held[random.Next(held.Count)];
            if (random.Next(2) == 0)
            {
                await replica.Get<ReleaseReservation>().Execute(one.AccountId, one.Id, default);
                return;
            }
            RentRequest rent = market.Request(one.AccountId, one.NodeId, one.Multiplier, one.Quantity, random.Next(1, 200)) with { ReservationId = one.Id };
            if (await replica.Get<AllocationDesk>().RentAsync(rent, default) is SlicesRented rented)
                mine.Add(rented.Rental);
        }

        private Rental? Mine() => mine.Count == 0 ? null : mine[random.Next(mine.Count)];

        private async Task RentAsync()
        {
            RentRequest request = market.Request(Renter(), Node(), multiplier: 1 << random.Next(3), quantity: random.Next(1, 4), hours: random.Next(1, 200));
            if (await replica.Get<AllocationDesk>().RentAsync(request, default) is SlicesRented rented)
                mine.Add(rented.Rental);
            if (random.Next(3) == 0)
                await replica.Get<AllocationDesk>().RentAsync(request, default); // The answer was lost on the way.
        }

        private async Task CancelAsync()
        {
            if (mine.Count == 0)
                return;
            Rental rental = mine[random.Next(mine.Count)];
            if (random.Next(4) == 0)
            {
                await replica.Get<EndRental>().Execute(market.Farmer, isOperator: false, rental.Id, "The machine is replaced.", default);
                return;
            }
            await replica.Get<CancelRental>().Execute(rental.RenterId, rental.Id, quote: null, market.NewKey(), isPartner: false, default);
        }

        /// <summary>Time passes, and the passes run.</summary>
        private async Task ExpireAsync()
        {
            await clock.PassAsync(TimeSpan.FromMinutes(random.Next(1, 1_500)));
            await replica.Get<ExpireRentals>().Execute(default);
            await replica.Get<ReleaseHolds>().Execute(default);
        }

        /// <summary>The grid reports another capacity, often below what is rented.</summary>
        private Task<int> ReportAsync() =>
            market.SqlAsync("UPDATE nodes SET slice_capacity = $2, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = $1", Node().Value,
                random.Next(0, 20));

        private async Task ToggleAsync()
        {
            NodeId node = Node();
            await replica.Get<UnpublishNode>().Execute(market.Farmer, node, default);
            await replica.Get<PublishNode>().Execute(market.Farmer, node, default);
        }

        private AccountId Renter() => renters[random.Next(renters.Length)];

        private NodeId Node() => new(random.Next(1, Nodes + 1));
    }
}
