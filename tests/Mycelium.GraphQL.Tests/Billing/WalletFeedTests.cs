using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Notifications;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Billing;

[Collection(ApiCollection.Name)]
public sealed class WalletFeedTests(ApiHost host)
{
    private const string Feed =
        """
        subscription($after: String) {
          onWalletChanged(after: $after) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on WalletSnapshot { isFirst isLast wallet { balance available } }
            ... on WalletChanged { entry { sequence kind amount balanceAfter rental { id } } }
          }
        }
        """;

    [Fact]
    public async Task The_stream_is_the_balance_then_every_movement_of_the_callers_own()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);
        using Socket socket = await Socket.SubscribeAsync(renter, Feed);

        JsonElement snapshot = await socket.NextAsync();
        await (await host.RenterAsync()).RentAsync(host.Input(node));
        string? rental = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        JsonElement charged = await NextOfAsync(socket, sequence: 2);
        await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() });
        JsonElement settled = await NextOfAsync(socket, sequence: 3);

        Assert.Equal("WalletSnapshot", snapshot.GetProperty("__typename").GetString());
        Assert.Equal(10m, snapshot.GetProperty("wallet").GetProperty("balance").GetDollars());
        Assert.Equal(10m, snapshot.GetProperty("wallet").GetProperty("available").GetDollars());
        JsonElement entry = charged.GetProperty("entry");
        Assert.Equal(("WALLET_CHANGED", "RENTAL_CHARGE"), (charged.Kind(), entry.GetProperty("kind").GetString()));
        Assert.Equal((-0.24m, 9.76m), (entry.GetProperty("amount").GetDollars(), entry.GetProperty("balanceAfter").GetDollars()));
        Assert.Equal(rental, entry.GetProperty("rental").GetProperty("id").GetString());
        Assert.Equal("RENTAL_SETTLEMENT", settled.GetProperty("entry").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_wallet_without_a_movement_is_a_snapshot_too()
    {
        using Socket socket = await Socket.SubscribeAsync(await host.RenterAsync(dollars: 0), Feed);

        JsonElement snapshot = await socket.NextAsync();

        Assert.Equal((true, true), (snapshot.GetProperty("isFirst").GetBoolean(), snapshot.GetProperty("isLast").GetBoolean()));
        Assert.Equal(0m, snapshot.GetProperty("wallet").GetProperty("balance").GetDollars());
    }

    [Fact]
    public async Task A_reconnecting_subscriber_receives_what_it_missed_without_a_snapshot()
    {
        Api account = await host.RenterAsync(dollars: 1);
        string? after;
        using (Socket first = await Socket.SubscribeAsync(account, Feed))
        {
            await first.NextAsync();
            await host.DepositAsync(account, 2);
            after = (await NextOfAsync(first, sequence: 2)).GetProperty("cursor").GetString();
        }
        await host.DepositAsync(account, 3);

        using Socket second = await Socket.SubscribeAsync(account, Feed, new { after });

        JsonElement missed = await second.NextAsync("WALLET_CHANGED");
        Assert.Equal(6m, missed.GetProperty("entry").GetProperty("balanceAfter").GetDollars());
    }

    [Fact]
    public async Task Wallets_cannot_be_followed_without_signing_in()
    {
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Feed);

        Assert.Equal("UNAUTHENTICATED", await socket.ErrorCodeAsync());
    }

    /// <summary>A snapshot may already include changes whose events follow it.</summary>
    private static async Task<JsonElement> NextOfAsync(Socket socket, int sequence)
    {
        while (true)
        {
            JsonElement message = await socket.NextAsync("WALLET_CHANGED");
            if (message.GetProperty("entry").GetProperty("sequence").GetInt32() == sequence)
                return message;
        }
    }
}
