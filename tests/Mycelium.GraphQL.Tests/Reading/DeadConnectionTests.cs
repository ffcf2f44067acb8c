using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Reading;

[Collection(ApiCollection.Name)]
public sealed class DeadConnectionTests(ApiHost host)
{
    [Theory]
    [InlineData("{ farms(first: 1) { nodes { name } } }")]
    [InlineData("{ gridNode(gridId: 5) { gridId sliceCombinations { id } } }")]
    public async Task A_list_is_read_even_if_the_pooled_connections_are_dead(string query)
    {
        await host.Anyone.SendAsync(query); // Leaves a connection in the pool.

        await KillAsync("mycelium-reading");
        JsonElement answer = await host.Anyone.SendAsync(query);

        Assert.False(answer.TryGetProperty("errors", out _), answer.ToString());
    }

    [Fact]
    public async Task A_mutation_and_a_read_of_an_account_succeed_even_if_the_pooled_connections_are_dead()
    {
        Api renter = await host.RenterAsync(dollars: 0);
        var input = new { accountId = await ApiHost.GlobalIdAsync(renter), amount = 5, idempotencyKey = host.NewKey() };

        await KillAsync("mycelium");
        Refusal.AssertNone("FundsDeposited", await host.Operator.MutateAsync("depositFunds", input));
        await KillAsync("mycelium");

        Assert.Equal(5, await renter.BalanceAsync());
    }

    private async Task KillAsync(string application)
    {
        await using var database = NpgsqlDataSource.Create(host.ConnectionString);
        await using NpgsqlCommand kill = database.CreateCommand(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1");
        kill.Parameters.AddWithValue(application);
        Assert.True((long)(await kill.ExecuteScalarAsync())! > 0);
    }
}
