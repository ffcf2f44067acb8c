using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Market;

/// <summary>The view <c>slice_combinations_for_sale</c> and the domain have one formula each; here they are compared, and the table with both.</summary>
public sealed class ForSaleTests
{
    private const int NodeCount = 120;
    private const int RoundCount = 6;

    /// <summary>A statement that changes a random part of the nodes in a random way: what farmers, passes and outages do to them.</summary>
    private static readonly string[] changes =
    [
        "slice_capacity = floor(random() * 700)",
        "status = (ARRAY['Up', 'Down', 'Standby'])[1 + floor(random() * 3)::integer]",
        "rented_by_twin_id = CASE WHEN random() < 0.3 THEN 5 END",
        "doubted_since = CASE WHEN random() < 0.3 THEN clock_timestamp() END, is_rented_on_grid = random() < 0.3",
        "is_dedicated = random() < 0.2",
        "missed_passes = floor(random() * 5)",
        "is_published = random() < 0.8 AND farmer_id IS NOT NULL",
        "price_per_slice = 10000 + floor(random() * 90000)",
        "country = (ARRAY['Belgium', 'Germany', NULL])[1 + floor(random() * 3)::integer], region = 'Europe', city = md5(random()::text)",
        "uptime_percent = CASE WHEN random() < 0.7 THEN random() * 100 END, upload_mbps = random() * 1000, download_mbps = NULL",
        "capacity_as_of = capacity_as_of + interval '1 minute'",
        "gpu_count = floor(random() * 3), is_dedicated = random() < 0.5, certification = 'Certified'",
        "slice_capacity = floor(random() * 20), uptime_percent = 99.5, capacity_as_of = clock_timestamp(), price_per_slice = 12345",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20261130)]
    public async Task What_is_for_sale_is_what_the_domain_offers_after_any_change(int seed)
    {
        var random = new Random(seed);
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("1000");
        await StockAsync(market, random);

        for (int round = 0; round < RoundCount; round++)
        {
            string change = changes[random.Next(changes.Length)];
            await market.SqlAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT setseed({random.NextDouble()}); ")
                + $"UPDATE nodes SET {change}, version = version + 1, sync_sequence = sync_sequence + 1 WHERE random() < 0.6");
            for (int attempt = 0; attempt < 5; attempt++)
                await market.RentAsync(
                    market.Request(renter, new NodeId(random.Next(1, NodeCount)), multiplier: 1 << random.Next(0, 4), quantity: random.Next(1, 4)));
            await market.SqlAsync($"UPDATE farms SET name = 'Farm {round}'");

            await AssertSameAsync(market, $"seed {seed}, round {round}: {change}");
        }
        await market.CheckAsync();
    }

    private static async Task StockAsync(TestMarket market, Random random)
    {
        await using (MyceliumDb db = market.Replica.Write())
        {
            db.AddRange(Enumerable.Range(1, NodeCount).Select(id => GridNode.Discover(A.Observation(id, random.Next(0, 40)))));
            await db.SaveChangesAsync();
        }
        await market.SqlAsync(
            "UPDATE nodes SET farmer_id = $1, price_per_slice = 15000, is_published = id % 7 > 0, version = version + 1 WHERE id % 11 > 0",
            market.Farmer.Value);
    }

    private static async Task AssertSameAsync(TestMarket market, string when)
    {
        await using MyceliumDb db = market.Replica.Read();
        List<GridNode> nodes = await db.GridNodes.Include(node => node.Farm).ToListAsync();
        Dictionary<SliceCombinationId, SliceCombination> stored = await db.SliceCombinations.ToDictionaryAsync(combination => combination.Id);
        List<SliceCombination> offered = [.. nodes.SelectMany(node => SliceCombination.Of(node, node.Farm!))];

        Assert.All(nodes, node => Assert.Equal(
            (node.WhyUnavailable() is null, Math.Max(0, node.SliceCapacity - node.AllocatedSlices), Math.Max(0, node.AllocatedSlices - node.SliceCapacity)),
            (node.IsSellable, node.FreeSlices, node.OvercommittedSlices))); // The database's own columns agree with the domain.
        Assert.True(offered.Count == stored.Count, $"{when}: {offered.Count} are offered, {stored.Count} stored.");
        foreach (SliceCombination combination in offered)
        {
            Assert.True(
                stored.TryGetValue(combination.Id, out SliceCombination? row) && row.OffersTheSameAs(combination)
                    && row.CapacityAsOf == combination.CapacityAsOf
                    && (row.Cores, row.MemoryBytes, row.SsdBytes, row.PricePerMonth, row.CountryCode, row.Country, row.Grid)
                        == (combination.Cores, combination.MemoryBytes, combination.SsdBytes, combination.PricePerMonth, combination.CountryCode,
                            combination.Country, combination.Grid),
                $"{when}: combination {combination.Id} differs.");
        }
    }
}
