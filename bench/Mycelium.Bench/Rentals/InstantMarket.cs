using Microsoft.EntityFrameworkCore;
using Mycelium.Bench.Servers;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// 1,250 nodes of 8 slices and 1,000 renters with full wallets, in a database of its own whose clock stands still until it is moved. Operations run in this
/// process, without HTTP and background services.
/// </summary>
internal sealed class InstantMarket : IAsyncDisposable
{
    public const int NodeCount = 1_250;
    public const int SlicesPerNode = 8;
    public const int RenterCount = 1_000;
    private const int AtOnce = 4;
    private readonly string connectionString;
    private readonly ServiceProvider services;
    private readonly NpgsqlDataSource owner;
    private AccountId[] renters = [];
    private int keys;

    private InstantMarket(string connectionString)
    {
        this.connectionString = connectionString;
        owner = NpgsqlDataSource.Create(connectionString);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Postgres:ConnectionString", PostgresServer.AsApplication(connectionString)),
            new("Postgres:MigratorConnectionString", connectionString),
            new("Coordination:Mode", "InProcess"),
            new("Provisioner", "None"),
            new("RentalLimits:ActiveSlices", "0"),
            new("RentalLimits:RentalsPerHour", "0"),
        ]).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton(configuration);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole());
        collection.AddMyceliumInfrastructure(configuration);
        services = collection.BuildServiceProvider();
    }

    public IReadOnlyList<AccountId> Renters => renters;

    /// <summary>As the owner of the database.</summary>
    public NpgsqlDataSource Database => owner;

    public static async Task<InstantMarket> OpenAsync(string connectionString, DateTimeOffset now)
    {
        var market = new InstantMarket(connectionString);
        await market.Get<PostgresMigrator>().MigrateAsync();
        await market.StopClockAsync(now);
        await market.FillAsync();
        return market;
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public Task StopClockAsync(DateTimeOffset now) => owner.RunAsync(
        $"CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT timestamptz ''{now:O}'''");

    /// <summary>Rents every slice, one each, so that all renters have the same number of rentals.</summary>
    public Task RentAllAsync(RentalBilling billing, int hours)
    {
        AllocationDesk desk = Get<AllocationDesk>();
        return Parallel.ForAsync(0, NodeCount * SlicesPerNode, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, cancellation) =>
        {
            var request = new RentRequest(
                renters[index % RenterCount], A.Wish(1 + index / SlicesPerNode, hours: hours), A.SshKey, NewKey(), null)
            {
                Billing = billing,
            };
            IRentSlicesResult result = await desk.RentAsync(request, cancellation);
            if (result is not SlicesRented)
                throw new InvalidOperationException($"Rental {index} was refused: {result}.");
        });
    }

    /// <summary>Everything that must hold at every instant.</summary>
    public async Task CheckAsync()
    {
        await owner.RunAsync("SELECT stamp_events(1000000)");
        await owner.RunAsync("ANALYZE");
        await Invariants.HoldAsync(connectionString + ";Command Timeout=300");
    }

    private IdempotencyKey NewKey() =>
        IdempotencyKey.TryParse($"instant-{Interlocked.Increment(ref keys)}", out IdempotencyKey? key) ? key : throw new InvalidOperationException();

    private async Task FillAsync()
    {
        var accounts = Enumerable.Range(0, RenterCount + 1).Select(_ => new Account()).ToArray();
        await using (var db = new MyceliumDb(new DbContextOptionsBuilder<MyceliumDb>().UseNpgsql(owner).Options))
        {
            db.AddRange(accounts.AsEnumerable());
            db.Add(new Farm(new FarmObservation(new FarmId(1), "Freefarm", 2, FarmCertification.NotCertified, false, 0, 0, null, A.Noon, "main")));
            db.AddRange(Enumerable.Range(1, NodeCount).Select(id => GridNode.Discover(A.Observation(id, SlicesPerNode))));
            await db.SaveChangesAsync();
        }
        var farmer = new AccountId(accounts[^1].Id);
        renters = [.. accounts[..^1].Select(account => new AccountId(account.Id))];
        await Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 2, farmer, default);
        for (int id = 1; id <= NodeCount; id++)
        {
            await Get<RegisterNode>().Execute(farmer, GridIdentity.Main, new NodeId(id).Number, MicroUsdPerHour.From(15_001), NewKey(), default);
            await Get<PublishNode>().Execute(farmer, new NodeId(id), default);
        }
        await owner.RunAsync(
            """
            BEGIN;
            SET LOCAL session_replication_role = replica;
            WITH wallet AS (SELECT id, md5('deposit' || id)::uuid AS entry_id FROM ledger_accounts WHERE kind = 'Wallet'),
                 entry AS (INSERT INTO ledger_entries (id, kind) SELECT entry_id, 'Deposit' FROM wallet)
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
            SELECT entry_id, id, 1000000000, 1, 1000000000 FROM wallet
            UNION ALL SELECT entry_id, '00000000-0000-0000-0000-000000000001', -1000000000, NULL, NULL FROM wallet;
            COMMIT
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await owner.DisposeAsync();
    }
}
