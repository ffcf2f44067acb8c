using System.Net;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Outages;

/// <summary>Somebody keeps whole tables locked, as a careless migration does, for longer than a statement waits for a lock.</summary>
[Collection(ApiCollection.Name)]
public sealed class LockedStoreTests(ApiHost host)
{
    [Fact]
    public async Task Whatever_meets_a_lock_that_is_not_given_back_is_unavailable_and_may_be_tried_again()
    {
        await using Replica replica = host.StartReplica(("Postgres:LockTimeout", "00:00:00.2"));
        Api renter = host.Client((await host.RenterAsync()).Token, replica.Address);
        long node = await host.PublishAsync();
        await using var database = NpgsqlDataSource.Create(host.ConnectionString);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using NpgsqlTransaction locking = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand("LOCK TABLE nodes, farms, rentals, ledger_postings, accounts, event_counter, slice_combinations IN ACCESS EXCLUSIVE MODE", connection);
        await take.ExecuteNonQueryAsync();

        foreach (string query in (string[])
            [
                "{ farms(first: 1) { nodes { name } } }", // Read directly,
                $"{{ gridNode(gridId: {node}) {{ gridId sliceCombinations {{ id }} }} }}", // by the entity framework,
                "{ rentals { nodes { id gridNode { gridId } } } }", // by loaders,
                "{ me { wallet { balance } } }", // by statements of our own.
                "{ streamCursor }",
            ])
            AssertUnavailable(query, await renter.SendAsync(query));
        var wish = new { sliceCombinationId = ApiHost.Combination(node), quantity = 1, term = new { hours = 24 } };
        AssertUnavailable("quote", await renter.SendAsync("query($input: RentalQuoteInput!) { rentalQuote(input: $input) { __typename } }", new { input = wish }));
        AssertUnavailable("publish", await host.Client(host.Farmer.Token, replica.Address).SendAsync(
            "mutation($input: UnpublishNodeInput!) { unpublishNode(input: $input) { __typename } }", new { input = new { gridId = node } }));
        Assert.Equal("UNAVAILABLE", await Socket.RefusalAsync(renter, "subscription { onRentalChanged { __typename } }"));
        using HttpResponseMessage signIn = await renter.PostAsync("/account/login", new { email = host.NewEmail(), password = ApiHost.Password });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, signIn.StatusCode);
    }

    private static void AssertUnavailable(string what, JsonElement answer)
    {
        Assert.True(answer.TryGetProperty("errors", out JsonElement errors), $"{what}: {answer}");
        JsonElement extensions = errors[0].GetProperty("extensions");
        Assert.True(extensions.GetProperty("code").GetString() == "UNAVAILABLE" && extensions.GetProperty("retryable").GetBoolean(), $"{what}: {answer}");
    }
}
