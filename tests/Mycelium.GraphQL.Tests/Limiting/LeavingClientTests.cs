using System.Net.Http.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Limiting;

[Collection(ApiCollection.Name)]
public sealed class LeavingClientTests(ApiHost host)
{
    [Fact]
    public async Task When_a_client_disconnects_its_statement_is_cancelled_in_PostgreSQL()
    {
        await using var database = NpgsqlDataSource.Create(host.ConnectionString);
        await using NpgsqlConnection locked = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await locked.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE farms IN ACCESS EXCLUSIVE MODE", locked, transaction))
            await command.ExecuteNonQueryAsync();
        using var http = new HttpClient { BaseAddress = host.Anyone.Address };
        using var leaving = new CancellationTokenSource();

        Task<HttpResponseMessage> request = http.PostAsJsonAsync("/graphql", new { query = "{ farms { nodes { name } } }" }, leaving.Token);
        await Eventually.HoldsAsync(async () => await WaitingAsync(database) > 0, "the statement waits for the lock", TimeSpan.FromSeconds(20));
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Eventually.HoldsAsync(
            async () => await WaitingAsync(database) == 0, "the statement is cancelled while the lock is held", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task On_a_timeout_the_statement_is_cancelled_in_PostgreSQL_and_the_client_gets_an_error()
    {
        await using var database = NpgsqlDataSource.Create(host.ConnectionString);
        await using NpgsqlConnection locked = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await locked.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE farms IN ACCESS EXCLUSIVE MODE", locked, transaction))
            await command.ExecuteNonQueryAsync();

        Task<string?> refused = host.Anyone.ErrorCodeAsync("{ farms { nodes { name } } }");
        await Eventually.HoldsAsync(async () => await WaitingAsync(database) > 0, "the statement waits for the lock", TimeSpan.FromSeconds(9));

        Assert.Equal("TIMEOUT", await refused);
        await Eventually.HoldsAsync(
            async () => await WaitingAsync(database) == 0, "the statement is cancelled while the lock is held", TimeSpan.FromSeconds(2));
    }

    private static async Task<long> WaitingAsync(NpgsqlDataSource database)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%farms%' AND pid <> pg_backend_pid()
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
