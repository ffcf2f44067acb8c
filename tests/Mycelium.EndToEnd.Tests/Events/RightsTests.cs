using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>Who hears what over a socket.</summary>
[Collection(MarketCollection.Name)]
public sealed class RightsTests(Market market)
{
    private const string Rentals =
        """
        subscription ($after: String) {
          onRentalChanged(after: $after) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on RentalsSnapshot { rentals { id } }
            ... on RentalChanged { rental { id status } }
          }
        }
        """;

    [Fact]
    public async Task A_renter_hears_of_their_own_rentals_and_of_nobody_elses()
    {
        using Renter me = await Renter.SignUpAsync(market.Cluster);
        using Renter stranger = await Renter.SignUpAsync(market.Cluster);
        string combination = await market.CombinationAsync(market.NextNode());
        string? strangersFirst = (await stranger.RentAsync(market.One, combination)).RentalId;

        using LiveSocket live = await LiveSocket.SubscribeAsync(market.One, Rentals, token: me.Token);
        JsonElement snapshot = await live.NextAsync();
        string start = live.Cursor;
        await stranger.RentAsync(market.Other, combination);
        string mine = (await me.RentAsync(market.Other, combination)).RentalId!;
        await stranger.CancelAsync(market.One, strangersFirst!);
        await me.CancelAsync(market.One, mine);
        string[] heard = [Told(await live.NextAsync()), Told(await live.NextAsync())];
        using LiveSocket again = await LiveSocket.SubscribeAsync(market.Other, Rentals, new { after = start }, me.Token);
        string[] replayed = [Told(await again.NextAsync()), Told(await again.NextAsync())];

        Assert.Empty(snapshot.GetProperty("rentals").EnumerateArray());
        Assert.Equal([$"RENTAL_STARTED ACTIVE {mine}", $"RENTAL_CANCELLED CANCELLED {mine}"], heard);
        Assert.Equal(heard, replayed);
    }

    [Fact]
    public async Task Nobody_hears_of_rentals_without_signing_in()
    {
        using LiveSocket live = await LiveSocket.SubscribeAsync(market.One, Rentals);

        Assert.Equal("UNAUTHENTICATED", await live.ErrorCodeAsync());
    }

    [Fact]
    public async Task A_token_that_is_none_of_ours_closes_the_socket()
    {
        using Renter renter = await Renter.SignUpAsync(market.Cluster);

        foreach (string token in (string[])["garbage", renter.Token[..^8], renter.Token + "x"])
        {
            using LiveSocket live = await LiveSocket.ConnectAsync(market.One, token);
            Assert.Equal(4403, await live.CloseCodeAsync());
        }
    }

    private static string Told(JsonElement message)
    {
        JsonElement rental = message.GetProperty("rental");
        return $"{message.Kind()} {rental.GetProperty("status").GetString()} {rental.GetProperty("id").GetString()}";
    }
}
