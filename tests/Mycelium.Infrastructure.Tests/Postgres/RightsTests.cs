using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Postgres.Schema;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>What the application's role can do, also in the hands of an attacker.</summary>
public sealed class RightsTests
{
    private const string Permission = PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Attacks on what the checks look at, each with the state that refuses it.</summary>
    public static TheoryData<string> Attacks => new(
    [
        // The ledger is history.
        "UPDATE ledger_postings SET amount = amount * 2",
        "UPDATE ledger_postings SET balance_after = 1000000000",
        "UPDATE ledger_postings SET sequence = sequence + 1",
        "DELETE FROM ledger_postings",
        "TRUNCATE ledger_postings",
        "UPDATE ledger_entries SET kind = 'Deposit'",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries CASCADE",
        "UPDATE ledger_accounts SET owner_id = NULL",
        "DELETE FROM ledger_accounts",
        "INSERT INTO ledger_accounts (id, kind) VALUES (gen_random_uuid(), 'Wallet')",
        "INSERT INTO ledger_entries (id, kind, created_at) VALUES (gen_random_uuid(), 'Deposit', '2000-01-01')",
        "INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after) "
            + "SELECT gen_random_uuid(), id, 5, 1, 1000000000 FROM ledger_accounts LIMIT 1",

        // So is the audit trail.
        "UPDATE audit_entries SET actor_id = NULL",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "INSERT INTO audit_entries (actor, action, subject, subject_id, acted_at) VALUES ('Command', 'PartnerGranted', 'Account', 'x', '2000-01-01')",

        // A notification is what it was; only whether it was read changes.
        "UPDATE notifications SET key = 'x'",
        "UPDATE notifications SET account_id = gen_random_uuid()",
        "DELETE FROM notifications",
        "DELETE FROM notifications_other",
        "SELECT FROM notifications_other",
        "INSERT INTO notifications (id, account_id, kind, key, created_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'Refunded', 'x', '2000-01-01')",
        "INSERT INTO notification_keys (account_id, key) VALUES (gen_random_uuid(), 'x')",
        "DELETE FROM notification_keys",

        // What triggers own.
        "UPDATE nodes SET allocated_slices = 0",
        "UPDATE nodes SET is_sellable = true",
        "UPDATE nodes SET farmer_left_at = NULL",
        "INSERT INTO nodes (id, allocated_slices) VALUES (9, 5)",
        "UPDATE farms SET owner_id = (SELECT id FROM accounts LIMIT 1)",
        "INSERT INTO farms (id, owner_id) VALUES (9, (SELECT id FROM accounts LIMIT 1))",
        "UPDATE slice_combinations SET price_per_hour = 1",
        "INSERT INTO slice_combinations SELECT * FROM slice_combinations",
        "DELETE FROM slice_combinations",
        "UPDATE slices SET slice_index = 90",
        "UPDATE nodes SET reserved_slices = 0",
        "UPDATE rentals SET renter_id = farmer_id",
        "UPDATE rentals SET earned = 0",
        "UPDATE rentals SET earned_until = now()",
        "UPDATE rental_segments SET paid = 0",
        "DELETE FROM rental_segments",
        "INSERT INTO rental_timeline SELECT * FROM rental_timeline",
        "UPDATE rental_earnings SET earned = 1",
        "DELETE FROM reservations",
        "INSERT INTO ledger_entries (id, kind, subject_id) VALUES (gen_random_uuid(), 'EarningsSettlement', gen_random_uuid())",
        "DELETE FROM rentals",
        "DELETE FROM nodes",
        "DELETE FROM accounts",
        "UPDATE accounts SET id = gen_random_uuid()",

        // Events, their order, and answers to keys.
        "INSERT INTO events (kind, reason, state) VALUES ('NODE', 'NodeObserved', '{}')",
        "UPDATE events SET state = '{}'",
        "DELETE FROM events",
        "INSERT INTO event_numbers (seq, event_id) VALUES (99, 1)",
        "DELETE FROM event_numbers",
        "DELETE FROM events_waiting",
        "UPDATE event_counter SET last_seq = 0",
        "SELECT number_waiting_events(1)",
        "SELECT setval('sync_sequence', 1)",
        "UPDATE idempotency_keys SET answer = '{}'",
        "DELETE FROM idempotency_keys",
        "INSERT INTO idempotency_keys (account_id, operation, key, fingerprint, answer, created_at) "
            + "SELECT id, 'x', 'key-0000', sha256('x'), '{}', '2000-01-01' FROM accounts LIMIT 1",
        "UPDATE operation_documents SET text = 'x'",
        "INSERT INTO grids (number, name) VALUES (1, 'mine')",
        "UPDATE data_protection_keys SET xml = ''",
        "DELETE FROM data_protection_keys",
        "UPDATE cursor_keys SET protected_secret = ''",
        "DELETE FROM cursor_keys",
        "UPDATE roles SET name = 'operator'",

        // The schema, and what the checks run by.
        "CREATE TABLE mine (x integer)",
        "CREATE SCHEMA mine",
        "CREATE TEMP TABLE nodes (x integer)",
        "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE FUNCTION pg_temp.market_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp() + interval ''1 year'''",
        "CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp() + interval ''1 year'''",
        "CREATE TRIGGER mine AFTER INSERT ON slices FOR EACH STATEMENT EXECUTE FUNCTION count_taken_slices()",
        "CREATE RULE mine AS ON INSERT TO ledger_postings DO INSTEAD NOTHING",
        "ALTER TABLE ledger_postings DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_postings DROP CONSTRAINT ledger_postings_pkey",
        "ALTER TABLE nodes ADD COLUMN mine integer",
        "ALTER FUNCTION market_now() OWNER TO CURRENT_USER",
        "DROP TABLE ledger_postings",
        "DROP TRIGGER ledger_postings_immutable ON ledger_postings",
        "DROP FUNCTION market_now() CASCADE",
        "DELETE FROM schema_definitions",
        "DELETE FROM \"__EFMigrationsHistory\"",
        "SET session_replication_role = replica",
        "SET ROLE mycelium",
        "SET SESSION AUTHORIZATION mycelium",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE ROLE mine",
        "COPY ledger_postings TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
    ]);

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task The_applications_role_has_no_right_to(string statement)
    {
        TestMarket market = await Stocked.Value;

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => AsApplicationAsync(market, statement));

        Assert.True(refusal.SqlState is Permission, $"{refusal.SqlState} {refusal.MessageText}");
    }

    /// <summary>It has the right to lock a wallet by, and the trigger of the ledger stands behind it.</summary>
    [Fact]
    public async Task The_one_column_of_a_wallet_that_may_be_updated_never_is()
    {
        TestMarket market = await Stocked.Value;

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => AsApplicationAsync(market, "UPDATE ledger_accounts SET row_lock = true"));

        Assert.Equal("ledger_immutable", refusal.ConstraintName);
    }

    /// <summary>With such a row no replica of Production would start.</summary>
    [Theory]
    [InlineData("<key id=\"1\"><descriptor><masterKey>AAAA</masterKey></descriptor></key>")]
    [InlineData("<!DOCTYPE key [<!ENTITY m \"&#60;m&#97;sterKey/>\">]><key>&m;</key>")]
    public async Task Next_to_a_wrapped_key_the_application_adds_no_open_one(string xml)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await AddAsync("<key><descriptor><encryptedSecret/></descriptor></key>");

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => AddAsync(xml));
        await AddAsync("<revocation/>");

        Assert.Equal("keys_are_wrapped", refusal.ConstraintName);

        async Task AddAsync(string text)
        {
            await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
            await connection.Send("INSERT INTO data_protection_keys (friendly_name, xml) VALUES ('key', $1)", text).RunAsync(default);
        }
    }

    [Fact]
    public async Task Every_right_of_the_application_is_on_the_list()
    {
        TestMarket market = await Stocked.Value;

        List<string> rights = await market.RowsAsync(
            """
            SELECT line FROM (
                SELECT relname || ': ' || string_agg(granted, ', ' ORDER BY granted) AS line
                FROM (
                    SELECT relname, right_name AS granted
                    FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_name
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege('mycelium_app', pg_class.oid,
                        right_name)
                    UNION ALL
                    SELECT relname, right_name || ' (' || string_agg(attname, ', ' ORDER BY attname) || ')'
                    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE',
                        'REFERENCES']) AS right_name
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
                        AND has_column_privilege('mycelium_app', pg_class.oid, attnum, right_name) AND NOT has_table_privilege('mycelium_app', pg_class.oid,
                            right_name)
                    GROUP BY relname, right_name) AS one
                GROUP BY relname
                UNION ALL
                SELECT relname || ': ' || string_agg(right_name, ', ') FROM pg_class, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS right_name
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND has_sequence_privilege('mycelium_app', pg_class.oid, right_name)
                    GROUP BY relname
                UNION ALL
                SELECT oid::regprocedure || ': EXECUTE' FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('mycelium_app', oid,
                    'EXECUTE')) AS lines
            ORDER BY line COLLATE "C"
            """,
            row => row.GetString(0));

        Assert.Equal(await File.ReadAllLinesAsync(RepositoryRoot.Combine("tests", "Mycelium.Infrastructure.Tests", "Postgres", "rights.txt")), rights);
    }

    [Fact]
    public async Task PUBLIC_has_no_right_in_the_schema()
    {
        TestMarket market = await Stocked.Value;

        Assert.Empty(await market.RowsAsync(
            """
            SELECT relname::text FROM pg_class, aclexplode(relacl) AS item WHERE relnamespace = 'public'::regnamespace AND item.grantee = 0
            UNION ALL
            SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS item
                WHERE pronamespace = 'public'::regnamespace AND item.grantee = 0
            """,
            row => row.GetString(0)));
    }

    /// <summary>A caller of such a function writes as its owner: what it reads must be ours, whatever the session has set.</summary>
    [Fact]
    public async Task Every_function_with_the_owners_rights_has_its_own_search_path()
    {
        TestMarket market = await Stocked.Value;

        Assert.Empty(await market.RowsAsync(
            """
            SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE setting = 'search_path=pg_catalog, public, pg_temp')
            """,
            row => row.GetString(0)));
    }

    [Fact]
    public async Task An_owner_without_superuser_rights_can_migrate_and_the_market_rents()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string superuser = await server.CreateDatabaseAsync();
        await RunAsync(superuser, "CREATE ROLE plain_owner LOGIN; ALTER DATABASE " + new NpgsqlConnectionStringBuilder(superuser).Database
            + " OWNER TO plain_owner");
        string owner = new NpgsqlConnectionStringBuilder(superuser) { Username = "plain_owner" }.ConnectionString;

        await using TestMarket market = await TestMarket.OpenAsync(owner);
        NodeId node = await market.PublishAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), node));
        await market.CancelAsync(rental);

        await market.CheckAsync();
    }

    [Fact]
    public async Task A_replica_without_the_owners_connection_waits_until_another_has_migrated()
    {
        string owner = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var waiting = new Replica(owner, settings: [new("Postgres:MigratorConnectionString", "")]);
        await using var migrating = new Replica(owner);

        await Assert.ThrowsAsync<SchemaMissingException>(() => waiting.Get<PostgresMigrator>().MigrateAsync());
        await migrating.Get<PostgresMigrator>().MigrateAsync();
        await waiting.Get<PostgresMigrator>().MigrateAsync();

        await using MyceliumDb db = waiting.Read();
        Assert.Empty(db.Farms);
    }

    /// <summary>A database of the previous release belongs to the role that its replicas work as.</summary>
    [Fact]
    public async Task A_database_of_one_role_gets_a_second_one_that_may_do_no_more_than_the_list_says()
    {
        string owner = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var before = new Replica(owner, settings: [new("Postgres:ConnectionString", owner)]);
        await before.Get<PostgresMigrator>().MigrateAsync();
        await using var waiting = new Replica(owner, settings: [new("Postgres:MigratorConnectionString", "")]);
        await Assert.ThrowsAsync<SchemaMissingException>(() => waiting.Get<PostgresMigrator>().MigrateAsync());

        await using var after = new Replica(owner);
        await after.Get<PostgresMigrator>().MigrateAsync();

        await waiting.Get<PostgresMigrator>().MigrateAsync();
        await using NpgsqlCommand delete = after.Database.CreateCommand("DELETE FROM ledger_postings");
        Assert.Equal(Permission, (await Assert.ThrowsAsync<PostgresException>(() => delete.ExecuteNonQueryAsync())).SqlState);
    }

    [Fact]
    public async Task A_right_given_by_hand_goes_with_the_next_release_and_an_older_one_gives_nothing_back()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.SqlAsync("GRANT DELETE ON ledger_postings TO mycelium_app");
        SchemaDefinition ours = SchemaRights.For("mycelium_app");

        await ApplyAsync(market, ours with { Number = ours.Number + 1 });
        await ApplyAsync(market, ours with { Text = "GRANT DELETE ON ledger_postings TO mycelium_app" });

        Assert.False(await market.ScalarAsync<bool>("SELECT has_table_privilege('mycelium_app', 'ledger_postings', 'DELETE')"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Database=x")]
    [InlineData("Host=127.0.0.1;Database=x;Username=\"odd name\"")]
    public async Task A_connection_string_that_names_no_plain_role_is_refused_with_a_sentence(string connectionString)
    {
        await using var replica = new Replica(connectionString, settings: [new("Postgres:ConnectionString", connectionString)]);

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => replica.Get<PostgresMigrator>().MigrateAsync());

        Assert.Contains("must name a role as Username", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>One for all attacks: none of them changes anything.</summary>
    private static readonly Lazy<Task<TestMarket>> Stocked = new(async () =>
    {
        TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("10");
        await market.RentedAsync(market.Request(renter, node));
        await market.SqlAsync("SELECT stamp_events(1000)");
        return market;
    });

    private static async Task AsApplicationAsync(TestMarket market, string statement)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(statement).Then("ROLLBACK");
        await batch.ExecuteNonQueryAsync();
    }

    private static async Task ApplyAsync(TestMarket market, SchemaDefinition rights)
    {
        await using NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync();
        await SchemaDefinitions.ApplyAgainAsync(connection, rights, TimeProvider.System, default);
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (string statement in sql.Split(';'))
        {
            await using var run = new NpgsqlCommand(statement, connection);
            await run.ExecuteNonQueryAsync();
        }
    }
}
