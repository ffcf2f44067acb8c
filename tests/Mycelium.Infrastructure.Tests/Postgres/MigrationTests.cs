using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

public sealed class MigrationTests
{
    [Fact]
    public async Task Replicas_that_start_at_once_all_find_the_schema_migrated()
    {
        string connectionString = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var first = new Replica(connectionString);
        await using var second = new Replica(connectionString);
        await using var third = new Replica(connectionString);

        await Task.WhenAll(new[] { first, second, third }.Select(replica => replica.Get<PostgresMigrator>().MigrateAsync()));

        await using MyceliumDb db = first.Read();
        Assert.Empty(await PostgresMigrator.PendingAsync(db, default));
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync());
    }

    [Fact]
    public async Task A_replica_on_a_current_database_waits_for_nobody_that_migrates()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using NpgsqlConnection other = await replica.Owner.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresMigrator.LockKey})", other))
            await take.ExecuteNonQueryAsync();

        await replica.Get<PostgresMigrator>().MigrateAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_a_database_has_not_seen_is_done_although_it_has_seen_the_rest()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using (NpgsqlCommand back = replica.Owner.CreateCommand(
            "DROP VIEW slice_combinations_for_sale; DELETE FROM schema_definitions WHERE name = 'Market.slice_combinations_for_sale'"))
        {
            await back.ExecuteNonQueryAsync();
        }

        await replica.Get<PostgresMigrator>().MigrateAsync();

        await using NpgsqlCommand index = replica.Owner.CreateCommand("SELECT to_regclass('slice_combinations_for_sale') IS NOT NULL");
        Assert.Equal(true, await index.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("farms")]
    [InlineData("nodes")]
    public async Task No_grid_is_assumed_where_none_is_named(string table)
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using NpgsqlCommand read = replica.Owner.CreateCommand(
            "SELECT column_default FROM information_schema.columns WHERE table_name = $1 AND column_name = 'grid'");
        read.Parameters.AddWithValue(table);

        Assert.Equal(DBNull.Value, await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_long_reader_delays_a_migration_and_the_migration_delays_no_other_reader()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using NpgsqlConnection backup = await replica.Owner.OpenConnectionAsync();
        await backup.Send("ALTER TABLE event_numbers DROP COLUMN mark")
            .Then("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '0002_event_marks'""").RunAsync(default);
        await backup.Send("BEGIN").Then("SELECT count(*) FROM event_numbers").RunAsync(default);

        Task migrating = replica.Get<PostgresMigrator>().MigrateAsync();
        await Eventually.HoldsAsync(
            async () => await CountAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event_numbers'::regclass") > 0,
            "the migration waits");
        await CountAsync("SELECT count(*) FROM event_numbers").WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(migrating.IsCompleted);
        await backup.Send("COMMIT").RunAsync(default);

        await migrating.WaitAsync(TimeSpan.FromSeconds(60));

        async Task<long> CountAsync(string sql)
        {
            await using NpgsqlCommand count = replica.Owner.CreateCommand(sql);
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task Every_default_reads_the_markets_clock_and_only_the_owner_can_move_it()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using NpgsqlConnection connection = await replica.Owner.OpenConnectionAsync();
        await using (var read = new NpgsqlCommand(
            """
            SELECT coalesce(string_agg(table_name || '.' || column_name, ', '), '') FROM information_schema.columns
            WHERE table_schema = 'public' AND column_default ~ 'clock_timestamp|now\(\)|CURRENT_TIMESTAMP' AND column_default !~ 'market_now'
                AND table_name <> 'schema_definitions'
            """, connection))
        {
            Assert.Equal("", await read.ExecuteScalarAsync());
        }

        await using NpgsqlBatch stranger = connection.Send("BEGIN").Then("CREATE ROLE stranger").Then("GRANT CREATE ON SCHEMA public TO stranger")
            .Then("SET ROLE stranger")
            .Then("CREATE OR REPLACE FUNCTION public.market_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp() + interval ''1 year'''");

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => stranger.ExecuteNonQueryAsync())).SqlState);
    }

    [Fact]
    public async Task Every_entity_is_written_and_read_as_it_was()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        GridNode node = GridNode.Discover(
            A.Observation() with { Gpus = [new Gpu("0000:0e:00.0/1002/744c", "AMD", "Navi 31")], Features = ["zmount", "network"] });
        await using (MyceliumDb db = replica.Write())
        {
            db.Add(new Farm(new FarmObservation(new FarmId(1), "Freefarm", 2, FarmCertification.Gold, true, 8, 7, "GSTELLAR", A.Noon, "main")));
            db.Add(node);
            await db.SaveChangesAsync();
        }

        await using MyceliumDb read = replica.Read();
        GridNode stored = await read.GridNodes.Include(stored => stored.Farm).SingleAsync();

        Assert.Equivalent(node, stored);
        Assert.Equal(FarmCertification.Gold, stored.Farm!.Certification);
        Assert.Empty(await read.Rentals.Where(rental => rental.Status == RentalStatus.Active && rental.Paid > MicroUsd.Zero).ToListAsync());
        Assert.Empty(await read.SliceCombinations.Where(combination => combination.PricePerHour <= MicroUsdPerHour.From(5)).ToListAsync());
    }

    [Fact]
    public async Task Accounts_sign_up_get_roles_and_a_wallet_through_identity()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync(), services => services
            .AddIdentityCore<Account>().AddRoles<IdentityRole<Guid>>().AddEntityFrameworkStores<MyceliumDb>());
        await using AsyncServiceScope scope = replica.Scope();
        UserManager<Account> accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = new Account { UserName = "renter@example.org", Email = "renter@example.org" };

        Assert.True((await accounts.CreateAsync(account, "Passw0rd!")).Succeeded);
        Assert.True((await accounts.AddToRoleAsync(account, "farmer")).Succeeded);
        Assert.True((await accounts.SetAuthenticationTokenAsync(account, "app", "name", "first")).Succeeded);
        Assert.True((await accounts.SetAuthenticationTokenAsync(account, "app", "name", "second")).Succeeded);

        await using AsyncServiceScope later = replica.Scope();
        UserManager<Account> again = later.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Account found = (await again.FindByEmailAsync("renter@example.org"))!;
        Assert.True(await again.CheckPasswordAsync(found, "Passw0rd!"));
        Assert.Equal(["farmer"], await again.GetRolesAsync(found));
        Assert.Equal("second", await again.GetAuthenticationTokenAsync(found, "app", "name"));
        await using NpgsqlCommand wallet = replica.Owner.CreateCommand("SELECT string_agg(kind, ' ' ORDER BY kind) FROM ledger_accounts WHERE owner_id = $1");
        wallet.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Id });
        Assert.Equal("Debt Earnings Wallet", await wallet.ExecuteScalarAsync());
    }

    [Fact]
    public async Task What_one_replica_protects_another_opens_and_nothing_warns()
    {
        string connectionString = await TestDatabase.CreateAsync();
        var warnings = new WarningLog();
        await using var one = new Replica(connectionString, services => services.AddSingleton<ILoggerProvider>(warnings));
        await using var other = new Replica(connectionString, services => services.AddSingleton<ILoggerProvider>(warnings));

        await one.Get<KeyRing>().EnsureAsync(default);
        string token = one.Get<IDataProtectionProvider>().CreateProtector("tokens").Protect("secret");

        Assert.Equal("secret", other.Get<IDataProtectionProvider>().CreateProtector("tokens").Unprotect(token));
        await using MyceliumDb db = other.Read();
        Assert.StartsWith("key-", (await db.DataProtectionKeys.SingleAsync()).FriendlyName, StringComparison.Ordinal);
        Assert.Empty(warnings.Lines);
    }

    /// <summary>Keeps what is logged as a warning or worse.</summary>
    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = [];

        public IEnumerable<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
