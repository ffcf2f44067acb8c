using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>Which events a caller receives over a socket.</summary>
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
    public async Task A_renter_receives_only_their_own_rentals()
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
        string[] received = [Text(await live.NextAsync()), Text(await live.NextAsync())];
        using LiveSocket resumed = await LiveSocket.SubscribeAsync(market.Other, Rentals, new { after = start }, me.Token);
        string[] replayed = [Text(await resumed.NextAsync()), Text(await resumed.NextAsync())];

        Assert.Empty(snapshot.GetProperty("rentals").EnumerateArray());
        Assert.Equal([$"RENTAL_STARTED ACTIVE {mine}", $"RENTAL_CANCELLED CANCELLED {mine}"], received);
        Assert.Equal(received, replayed);
    }

    [Fact]
    public async Task Rentals_cannot_be_followed_without_signing_in()
    {
        using LiveSocket live = await LiveSocket.SubscribeAsync(market.One, Rentals);

        Assert.Equal("UNAUTHENTICATED", await live.ErrorCodeAsync());
    }

    [Fact]
    public async Task A_token_that_we_did_not_issue_closes_the_socket()
    {
        using Renter renter = await Renter.SignUpAsync(market.Cluster);

        foreach (string token in (string[])["garbage", renter.Token[..^8], renter.Token + "x"])
        {
            using LiveSocket live = await LiveSocket.ConnectAsync(market.One, token);
            Assert.Equal(4403, await live.CloseCodeAsync());
        }
    }

    private static string Text(JsonElement message)
    {
        JsonElement rental = message.GetProperty("rental");
        return $"{message.Kind()} {rental.GetProperty("status").GetString()} {rental.GetProperty("id").GetString()}";
    }
}
