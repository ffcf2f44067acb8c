using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

public sealed class PoolerCheckTests
{
    [Theory]
    [InlineData("transaction", "")]
    [InlineData("transaction", "options")]
    [InlineData("session", "")]
    [InlineData("session", "options")]
    public async Task A_pooler_that_shares_sessions_or_drops_their_settings_is_refused_with_a_sentence(string mode, string ignored)
    {
        PostgresServer postgres = await PostgresServer.Shared;
        using PgBouncer pooler = await PgBouncer.StartAsync(postgres, mode, ignored);
        await using var replica = new Replica(new NpgsqlConnectionStringBuilder(await TestDatabase.CreateAsync()) { Port = pooler.Port }.ConnectionString);

        PoolerException refusal = await Assert.ThrowsAsync<PoolerException>(() => replica.Get<PoolerCheck>().RunAsync(default));

        Assert.Contains("Connect to PostgreSQL itself", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_direct_connection_to_PostgreSQL_is_accepted()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());

        await replica.Get<PoolerCheck>().RunAsync(default);
    }
}
