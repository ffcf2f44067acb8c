using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>A database with a farm and its farmer, one replica on it, and whatever a test adds.</summary>
internal sealed class TestMarket : IAsyncDisposable
{
    private readonly List<Replica> replicas = [];
    private int keys;

    private TestMarket(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }
    public Replica Replica => replicas[0];
    public IReadOnlyList<Replica> Replicas => replicas;
    public AccountId Farmer { get; private set; }

    public static async Task<TestMarket> OpenAsync(
        Action<IServiceCollection>? configure = null, IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        await OpenAsync(new TestMarket(await TestDatabase.CreateAsync()), configure, settings);

    /// <summary>On an empty database, which is migrated.</summary>
    public static async Task<TestMarket> OpenAsync(string empty)
    {
        await using (var migrating = new Replica(empty))
            await migrating.Get<PostgresMigrator>().MigrateAsync();
        return await OpenAsync(new TestMarket(empty), configure: null, settings: null);
    }

    private static async Task<TestMarket> OpenAsync(
        TestMarket market, Action<IServiceCollection>? configure, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        market.AddReplica(configure, settings);
        market.Farmer = await market.AccountAsync();
        await using (MyceliumDb db = market.Replica.Write())
        {
            db.Add(new Farm(new FarmObservation(new FarmId(1), "Freefarm", 2, FarmCertification.NotCertified, false, 0, 0, null, A.Noon, "main")));
            await db.SaveChangesAsync();
        }
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 2, market.Farmer, default);
        return market;
    }

    public Replica AddReplica(Action<IServiceCollection>? configure = null, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var replica = new Replica(ConnectionString, configure, settings);
        replicas.Add(replica);
        return replica;
    }

    public async Task<AccountId> AccountAsync(string? dollars = null)
    {
        AccountId[] accounts = await AccountsAsync(1, dollars);
        return accounts[0];
    }

    /// <summary>Accounts, each with this amount in its wallet.</summary>
    public async Task<AccountId[]> AccountsAsync(int count, string? dollars = null)
    {
        var accounts = Enumerable.Range(0, count).Select(_ => new Account()).ToArray();
        await using (MyceliumDb db = Replica.Read())
        {
            db.AddRange(accounts.AsEnumerable());
            await db.SaveChangesAsync();
        }
        AccountId[] ids = [.. accounts.Select(account => new AccountId(account.Id))];
        if (dollars is not null)
        {
            foreach (AccountId id in ids)
                Assert.IsType<FundsDeposited>(await Replica.Get<DepositFunds>().Execute(Actor.Command, id, MicroUsd.Parse(dollars), NewKey(), default));
        }
        return ids;
    }

    /// <summary>A node as the grid reports it, not registered.</summary>
    public async Task<NodeId> DiscoverAsync(long id = 1, int slices = 8)
    {
        await using MyceliumDb db = Replica.Write();
        db.Add(GridNode.Discover(A.Observation(id, slices)));
        await db.SaveChangesAsync();
        return new NodeId(id);
    }

    /// <summary>A node for rent.</summary>
    public async Task<NodeId> PublishAsync(long id = 1, int slices = 8, long price = 15_000)
    {
        NodeId node = await DiscoverAsync(id, slices);
        Assert.IsType<NodeRegistered>(
            await Replica.Get<RegisterNode>().Execute(Farmer, GridIdentity.Main, node.Number, MicroUsdPerHour.From(price), NewKey(), default));
        Assert.IsType<NodePublished>(await Replica.Get<PublishNode>().Execute(Farmer, node, default));
        return node;
    }

    public RentRequest Request(
        AccountId renter, NodeId node, int multiplier = 1, int quantity = 1, int hours = 24, IdempotencyKey? key = null, Quote? quote = null) =>
        new(renter, A.Wish(node.Value, multiplier, quantity, hours), A.SshKey, key ?? NewKey(), quote);

    public Task<IRentSlicesResult> RentAsync(RentRequest request) => Replica.Get<AllocationDesk>().RentAsync(request, default);

    public async Task<Rental> RentedAsync(RentRequest request) => Assert.IsType<SlicesRented>(await RentAsync(request)).Rental;

    public Task<ICancelRentalResult> CancelAsync(Rental rental, IdempotencyKey? key = null) =>
        Replica.Get<CancelRental>().Execute(rental.RenterId, rental.Id, quote: null, key ?? NewKey(), isPartner: false, default);

    public Task<MicroUsd> BalanceAsync(AccountId account) => Replica.Get<WalletReader>().BalanceAsync(account, default);

    /// <summary>What a farmer has earned in months that are not settled.</summary>
    public async Task<MicroUsd> EarningsAsync(AccountId farmer) => MicroUsd.From(await ScalarAsync<long>(
        $"SELECT coalesce((SELECT balance_after FROM ledger_postings WHERE account_id = earnings_account('{farmer}') ORDER BY sequence DESC LIMIT 1), 0)"));

    /// <summary>Stamps what is to be stamped and checks everything that must always hold.</summary>
    public async Task CheckAsync()
    {
        await SqlAsync("SELECT stamp_events(100000)");
        await Invariants.HoldAsync(ConnectionString);
    }

    /// <summary>As the owner.</summary>
    public async Task<int> SqlAsync(string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on the market's clock is this far ahead of the database's: months pass at once. Only the tables' owner can do that.</summary>
    public Task<int> PassAsync(TimeSpan time) => SqlAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
        AS 'SELECT clock_timestamp() + interval ''{time.TotalSeconds:R} seconds'''
        """));

    /// <summary>
    /// What passing time would do to rentals with one segment. No operation may, so triggers are off for it, which only the database's owner can do.
    /// </summary>
    public async Task<int> MoveTimeAsync(string sql, params object[] parameters)
    {
        await using NpgsqlConnection connection = await Replica.Owner.OpenConnectionAsync();
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then("SET LOCAL session_replication_role = replica").Then(sql, parameters).Then(
            """
            UPDATE rental_segments AS segment SET starts_at = rental.starts_at, ends_at = rental.ends_at FROM rentals AS rental
            WHERE rental.id = rental_id AND segment.starts_at <> rental.starts_at AND NOT EXISTS (
                SELECT FROM rental_segments AS other WHERE other.rental_id = segment.rental_id AND other.number > 1)
            """).Then("COMMIT");
        return await batch.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using NpgsqlCommand command = Command(sql, []);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    public IdempotencyKey NewKey() => IdempotencyKey.Parse($"key-{Interlocked.Increment(ref keys):D8}");

    public async ValueTask DisposeAsync()
    {
        foreach (Replica replica in replicas)
            await replica.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        NpgsqlCommand command = Replica.Owner.CreateCommand(sql);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
