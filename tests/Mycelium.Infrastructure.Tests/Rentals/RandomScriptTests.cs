using Mycelium.Domain.Accounts;
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

        await Task.WhenAll(Enumerable.Range(0, Actors).Select(actor => Task.Run(() =>
            new Actor(market, actor % 2 == 0 ? market.Replica : other, renters, new Random(seed * 1_000 + actor)).RunAsync())));

        await market.Replica.Get<ExpireRentals>().Execute(default); // Those whose wallet or node another actor held.
        await market.CheckAsync();
        Assert.True(await market.ScalarAsync<long>("SELECT count(*) FROM rentals") > 10, "The script rented too little to show anything.");
        Assert.True(await market.ScalarAsync<long>("SELECT count(*) FROM rentals WHERE status <> 'Active'") > 5,
            "The script ended too little to show anything.");
    }

    private sealed class Actor(TestMarket market, Replica replica, AccountId[] renters, Random random)
    {
        private readonly List<Rental> mine = [];

        public async Task RunAsync()
        {
            for (int step = 0; step < StepsEach; step++)
                await StepAsync();
        }

        private Task StepAsync() => random.Next(20) switch
        {
            < 9 => RentAsync(),
            < 13 => CancelAsync(),
            < 15 => ExpireAsync(),
            < 16 => replica.Get<DepositFunds>().Execute(
                Domain.Audit.Actor.Command, Renter(), MicroUsd.From(random.Next(1, 5_000_000)), market.NewKey(), default),
            < 18 => ReportAsync(),
            < 19 => replica.Get<SetNodePricing>().Execute(market.Farmer, Node(), MicroUsdPerHour.From(random.Next(1_000, 40_000)), default),
            _ => ToggleAsync(),
        };

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
            await replica.Get<CancelRental>().Execute(rental.RenterId, rental.Id, market.NewKey(), isPartner: false, default);
        }

        /// <summary>Time passes for some rentals, and the pass runs.</summary>
        private async Task ExpireAsync()
        {
            if (mine.Count > 0)
            {
                await market.MoveTimeAsync(
                    """
                    UPDATE rentals SET starts_at = instant - hours * interval '1 hour', ends_at = instant FROM (SELECT clock_timestamp() AS instant) AS moved
                        WHERE id = $1 AND status = 'Active' AND ends_at > instant
                    """,
                    mine[random.Next(mine.Count)].Id.Value);
            }
            await replica.Get<ExpireRentals>().Execute(default);
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
