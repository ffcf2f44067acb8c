using System.Net;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>A replica that has only the application's connection string.</summary>
[Collection(ApiCollection.Name)]
public sealed class WaitingReplicaTests(ApiHost host)
{
    [Fact]
    public async Task It_is_not_ready_and_says_what_it_waits_for_until_another_replica_has_migrated()
    {
        var nowhere = new Uri("http://127.0.0.1:9");
        var elsewhere = new Uri("http://127.0.0.1:19");
        string owner = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var waiting = new Replica(
            owner, nowhere, elsewhere, configure: null, ("environment", "Production"), ("Postgres:MigratorConnectionString", ""));
        await Eventually.HoldsAsync(
            () => waiting.Get<StoreGate>().ClosedBecause is { } reason
                && reason.Contains("a replica with Postgres:MigratorConnectionString makes it", StringComparison.Ordinal),
            "it waits for the schema");
        using HttpResponseMessage before = await host.Client(address: waiting.Address).GetAsync("/health/ready");

        await using var migrating = new Replica(owner, nowhere, elsewhere);
        await waiting.Get<StoreGate>().WhenOpen.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, before.StatusCode);
        Assert.Equal("""{"status":"Unavailable"}""", await before.Content.ReadAsStringAsync());
    }
}
