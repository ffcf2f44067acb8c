using System.Text.Json;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>One idempotency key, reused: by a crowd, after a response, with different input.</summary>
[Collection(MarketCollection.Name)]
public sealed class SameKeyTests(Market market)
{
    private const int CallerCount = 100;

    private Cluster Cluster => market.Cluster;

    [Fact]
    public async Task A_hundred_callers_with_one_key_over_two_replicas_get_one_rental()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await market.CombinationAsync(market.NextNode());
        string key = Guid.NewGuid().ToString();

        RentAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, CallerCount).Select(caller => renter.RentAsync(Cluster.Replicas[caller % 2], combination, key)));

        Assert.All(answers, answer => Assert.Equal("SlicesRented", answer.Type));
        string rental = Assert.Single(answers.Select(answer => answer.RentalId!).Distinct());
        Assert.Equal([rental], await renter.ActiveRentalsAsync(market.One));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_key_with_another_request_is_refused_and_with_the_first_one_still_answered()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await market.CombinationAsync(market.NextNode());
        string key = Guid.NewGuid().ToString();
        string rental = (await renter.RentAsync(market.One, combination, key)).RentalId!;

        RentAnswer other = await renter.RentAsync(market.Other, combination, key, quantity: 2);
        RentAnswer same = await renter.RentAsync(market.Other, combination, key);

        Assert.Equal(("IdempotencyKeyReused", "IDEMPOTENCY_KEY_REUSED"), (other.Type, other.Code));
        Assert.Equal(("SlicesRented", rental), (same.Type, same.RentalId));
        Assert.Equal([rental], await renter.ActiveRentalsAsync(market.One));
    }

    [Fact]
    public async Task A_key_belongs_to_one_account()
    {
        using Renter one = await Renter.SignUpAsync(Cluster);
        using Renter other = await Renter.SignUpAsync(Cluster);
        string combination = await market.CombinationAsync(market.NextNode());
        string key = Guid.NewGuid().ToString();

        string? ones = (await one.RentAsync(market.One, combination, key)).RentalId;
        string? others = (await other.RentAsync(market.Other, combination, key)).RentalId;
        JsonElement peek = await other.At(market.One).Data("query ($id: ID!) { node(id: $id) { id } }", new { id = ones });

        Assert.NotNull(ones);
        Assert.NotNull(others);
        Assert.NotEqual(ones, others);
        Assert.Equal(JsonValueKind.Null, peek.GetProperty("node").ValueKind);
    }
}
