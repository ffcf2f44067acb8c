using System.Net;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Outages;

/// <summary>Whole tables are locked, as by a careless migration, for longer than a statement waits for a lock.</summary>
[Collection(ApiCollection.Name)]
public sealed class LockedStoreTests(ApiHost host)
{
    [Fact]
    public async Task Requests_blocked_by_a_lock_are_unavailable_and_retryable()
    {
        await using Replica replica = host.StartReplica(("Postgres:LockTimeout", "00:00:00.2"));
        Api renter = host.Client((await host.RenterAsync()).Token, replica.Address);
        long node = await host.PublishAsync();
        await using var database = NpgsqlDataSource.Create(host.ConnectionString);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using NpgsqlTransaction locking = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand(
            "LOCK TABLE nodes, farms, rentals, ledger_postings, accounts, event_counter, slice_combinations IN ACCESS EXCLUSIVE MODE", connection);
        await take.ExecuteNonQueryAsync();

        foreach (string query in (string[])
            [
                "{ farms(first: 1) { nodes { name } } }", // Read by our own SQL.
                $"{{ gridNode(gridId: {node}) {{ gridId sliceCombinations {{ id }} }} }}", // Read through Entity Framework.
                "{ rentals { nodes { id gridNode { gridId } } } }", // Read by loaders.
                "{ me { wallet { balance } } }", // Read by hand-written statements.
                "{ streamCursor }",
            ])
            AssertUnavailable(query, await renter.SendAsync(query));
        var request = new { sliceCombinationId = ApiHost.Combination(node), quantity = 1, term = new { hours = 24 } };
        AssertUnavailable(
            "quote", await renter.SendAsync("query($input: RentalQuoteInput!) { rentalQuote(input: $input) { __typename } }", new { input = request }));
        AssertUnavailable("publish", await host.Client(host.Farmer.Token, replica.Address).SendAsync(
            "mutation($input: UnpublishNodeInput!) { unpublishNode(input: $input) { __typename } }", new { input = new { nodeId = ApiHost.Node(node) } }));
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
