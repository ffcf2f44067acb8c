using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>What PostgreSQL refuses, whoever writes and whatever the session has set: each statement stands for a defect that we may one day have.</summary>
public sealed class ConstraintTests
{
    /// <summary>A rental like the active one, with other values.</summary>
    private static string Copy(string values) =>
        $"INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', md5('copy'), {values})) AS copy WHERE rentals.status = 'Active' AND rentals.slice_total = 1 LIMIT 1; ";

    private const string SameRental = "'version', 1";
    private const string TakeOne = "INSERT INTO slices SELECT 1, 3, md5('copy')::uuid; ";
    private const string ChargeIt = "INSERT INTO ledger_entries (id, kind, rental_id) SELECT md5('charge')::uuid, 'RentalCharge', md5('copy')::uuid; ";
    private const string EndOne = "UPDATE rentals SET status = 'Cancelled', ended_at = starts_at, end_reason = 'CancelledByRenter' WHERE status = 'Active' AND slice_total = 1; ";

    private const string Deposited = "INSERT INTO ledger_entries (id, kind) SELECT md5('mine')::uuid, 'Deposit'; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('mine')::uuid, id, 9 FROM (SELECT id FROM ledger_accounts WHERE kind = 'Wallet' ORDER BY id DESC LIMIT 1) AS other UNION ALL SELECT md5('mine')::uuid, '00000000-0000-0000-0000-000000000001', -9; ";

    private static string Post(string entry, string amount) =>
        $"INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT {entry}, account, amount FROM (SELECT renter_id AS account, -{amount} AS amount FROM rentals WHERE slice_total = 1 AND status = 'Active' LIMIT 1) AS payer UNION ALL SELECT {entry}, '00000000-0000-0000-0000-000000000002', {amount}; ";

    /// <summary>Statements, and the constraint that refuses each.</summary>
    private static readonly (string Sql, string Constraint)[] refused =
    [
        // Nodes and their slices.
        ("UPDATE nodes SET allocated_slices = allocated_slices + 1", "nodes_count_their_slices"),
        ("UPDATE nodes SET allocated_slices = 0", "nodes_count_their_slices"),
        ("UPDATE nodes SET allocated_slices = -1", "item_count_check"),
        ("UPDATE nodes SET farmer_id = NULL, version = version + 1 WHERE id = 1", "nodes_for_rent_have_a_farmer"),
        ("UPDATE nodes SET farmer_id = gen_random_uuid(), version = version + 1", "nodes_farmer_id_fkey"),
        ("UPDATE nodes SET farmer_id = (SELECT id FROM accounts WHERE id <> farmer_id LIMIT 1), version = version + 1", "nodes_follow_their_farms_owner"),
        ("UPDATE nodes SET is_sellable = false, allocated_slices = 0", "nodes_count_their_slices"),
        ("UPDATE nodes SET is_dedicated = true, version = version + 1, sync_sequence = sync_sequence + 1; UPDATE nodes SET is_sellable = true; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("UPDATE nodes SET doubted_since = now(), version = version + 1, sync_sequence = sync_sequence + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("UPDATE nodes SET is_rented_on_grid = true, version = version + 1, sync_sequence = sync_sequence + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("TRUNCATE farmer_twins", "farmer_twins_stay"),
        ("UPDATE nodes SET farm_id = 77, version = version + 1, sync_sequence = sync_sequence + 1", "nodes_farm_id_fkey"),
        ("UPDATE nodes SET farm_id = 1 + (1::bigint << 32)", "nodes_stay_on_their_grid"),
        ("UPDATE nodes SET price_per_slice = -1", "micro_usd_per_hour_check"),
        ("UPDATE nodes SET uptime_percent = 101", "percent_check"),
        ("UPDATE nodes SET status = 'Asleep'", "node_status_check"),
        ("UPDATE nodes SET id = 3 WHERE id = 2", "nodes_stay"),
        ("UPDATE nodes SET version = version + 1", ""), // No reason explains it.
        ("UPDATE nodes SET version = version - 1, city = 'Elsewhere'", "nodes_change_by_version"),
        ("UPDATE nodes SET is_published = false, price_per_slice = 15001", "nodes_change_by_version"), // No subscriber would see it.
        ("UPDATE nodes SET price_per_slice = 9000000000000000", "micro_usd_per_hour_check"),
        ("DELETE FROM nodes WHERE id = 2", "nodes_stay"),
        ("INSERT INTO grids (number, name) VALUES (1, 'main')", "grids_name_key"),
        ("INSERT INTO grids (number, name) VALUES (0, 'other')", "grids_pkey,grids_are_numbered_in_order"),
        ("INSERT INTO grids (number, name) VALUES (2097151, 'last')", "grids_are_numbered_in_order"),
        ("INSERT INTO grids (number, name) VALUES (1, 'Main Grid')", "grid_name_check"),
        ("INSERT INTO grids (number, name) VALUES (-1, 'minus')", "grid_number_check"),
        ("UPDATE slice_combinations SET quantity_available = 999", "slice_combinations_follow_nodes"),
        ("DELETE FROM slice_combinations", "slice_combinations_follow_nodes"),
        ("INSERT INTO slice_combinations SELECT * FROM slice_combinations LIMIT 1", "slice_combinations_follow_nodes"),

        // Slices.
        ("INSERT INTO slices SELECT node_id, slice_index, rental_id FROM slices", "slices_pkey"),
        ("INSERT INTO slices SELECT 1, 3, rental_id FROM slices LIMIT 1", "slices_are_of_whole_rentals"),
        (Copy(SameRental) + "INSERT INTO slices SELECT 1, 4, md5('copy')::uuid", "slices_are_of_whole_rentals"), // The node has four: 0 to 3.
        ("INSERT INTO slices SELECT 2, 7, rental_id FROM slices LIMIT 1", "slices_are_of_whole_rentals"),
        ("INSERT INTO slices SELECT 1, 90, gen_random_uuid()", "slices_rental_id_fkey,slices_are_of_whole_rentals"),
        ("INSERT INTO slices SELECT 1, 90, id FROM rentals WHERE status = 'Cancelled'", "slices_are_of_whole_rentals"),
        ("UPDATE slices SET rental_id = gen_random_uuid()", "slices_never_change"),
        ("TRUNCATE slices", "slices_never_change"),
        ("DELETE FROM slices", "slices_are_of_whole_rentals"),
        (Copy("'node_id', 2") + "INSERT INTO slices SELECT 1, 90, md5('copy')::uuid", "slices_are_of_whole_rentals"),
        (Copy("'multiplier', 2, 'slice_total', 2") + TakeOne, "slices_are_of_whole_rentals"),
        (Copy("'multiplier', 8, 'slice_total', 8") + "INSERT INTO slices SELECT 1, 90 + number, md5('copy')::uuid FROM generate_series(1, 8) AS number", "slices_are_of_whole_rentals"),
        ("DELETE FROM slices USING rentals WHERE false; UPDATE nodes SET slice_capacity = 3, version = version + 1 WHERE id = 1; " + Copy(SameRental) + "INSERT INTO slices SELECT 1, 3, md5('copy')::uuid", "slices_are_of_whole_rentals"),
        ("UPDATE nodes SET is_published = false, version = version + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("UPDATE nodes SET status = 'Down', version = version + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),

        // Rentals.
        (Copy("'renter_id', gen_random_uuid()"), "rentals_renter_id_fkey"),
        (Copy("'farmer_id', gen_random_uuid()"), "rentals_farmer_id_fkey"),
        (Copy("'node_id', 77"), "rentals_node_id_fkey"),
        (Copy("'status', 'Expired', 'ended_at', '2026-01-01', 'end_reason', 'TermEnded'"), "rentals_begin_active"),
        (Copy("'ends_at', '2099-01-01'"), "rentals_add_up"),
        (Copy("'ssh_public_key', repeat('x', 20000)"), "rentals_ssh_public_key_check"),
        (Copy("'farmer_id', (SELECT id FROM accounts WHERE id <> rentals.farmer_id LIMIT 1)") + TakeOne, "slices_are_of_whole_rentals"),
        (Copy(SameRental), "rentals_are_whole"),
        (Copy(SameRental) + TakeOne, "rentals_are_whole"),
        (Copy(SameRental) + TakeOne + ChargeIt, "rentals_are_whole,ledger_entries_have_postings"),
        ("UPDATE rentals SET status = 'Expired', ended_at = ends_at, end_reason = 'TermEnded' WHERE status = 'Active'", "rentals_expire_at_their_end"),
        (EndOne, "rentals_are_whole"),
        (EndOne + "DELETE FROM slices USING rentals WHERE rentals.id = rental_id AND status <> 'Active'", "rentals_are_whole"),
        ("UPDATE rentals SET renter_id = farmer_id", "rentals_keep_their_terms"),
        ("UPDATE rentals SET status = 'Expired', ended_at = ends_at, end_reason = 'TermEnded', paid = paid + 100 WHERE status = 'Active'", "rentals_keep_their_terms"),
        ("UPDATE rentals SET ends_at = ends_at + interval '1 year' WHERE status = 'Active'", "rentals_keep_their_terms"),
        (Copy("'paid', 0") + TakeOne + ChargeIt, "ledger_entries_follow_rentals"),
        ("DELETE FROM rentals WHERE status = 'Active'", "rentals_stay"),
        ("TRUNCATE rentals CASCADE", "rentals_stay,ledger_immutable,slices_never_change"),
        (Copy("'quantity', 0"), "positive_count_check"),
        (Copy("'slice_total', 5"), "rentals_add_up"),
        ("UPDATE rentals SET refunded = paid + 1 WHERE status = 'Active'", "rentals_add_up"),
        ("UPDATE rentals SET refunded = 1 WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Cancelled', ended_at = ends_at WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Cancelled', end_reason = 'CancelledByRenter' WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Cancelled', ended_at = ends_at + interval '1 hour', end_reason = 'CancelledByRenter' WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET ended_at = ends_at WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Active', ended_at = NULL, end_reason = NULL WHERE status = 'Cancelled'", "rentals_end_once"),
        ("UPDATE rentals SET version = version + 1 WHERE status = 'Active'", ""), // No reason explains it.
        ("DELETE FROM accounts", ""),
        ("UPDATE rentals SET quote_id = gen_random_uuid()", "rentals_keep_their_terms"),
        (Copy("'quote_id', md5('quote')") + TakeOne + Copy("'quote_id', md5('quote'), 'id', md5('again')"), "rentals_use_a_quote_once"),

        // Money.
        ("UPDATE ledger_postings SET amount = amount + 1", "ledger_immutable"),
        ("DELETE FROM ledger_postings", "ledger_immutable"),
        ("TRUNCATE ledger_postings", "ledger_immutable"),
        ("UPDATE ledger_entries SET kind = 'Deposit'", "ledger_immutable"),
        ("UPDATE ledger_accounts SET kind = 'Escrow'", "ledger_immutable"),
        ("INSERT INTO ledger_accounts (id, kind) VALUES ('00000000-0000-0000-0000-000000000003', 'Escrow')", "ledger_accounts_shared"),
        ("INSERT INTO ledger_entries (id, kind) SELECT md5('out')::uuid, 'Deposit'; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('out')::uuid, renter_id, -5 FROM (SELECT renter_id FROM rentals LIMIT 1) AS payer UNION ALL SELECT md5('out')::uuid, '00000000-0000-0000-0000-000000000001', 5", "ledger_entries_follow_rentals"),
        ("INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Gift')", "ledger_entry_kind_check"),
        ("INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Deposit')", "ledger_entries_have_postings"),
        ("INSERT INTO ledger_entries (id, kind, rental_id) SELECT gen_random_uuid(), 'RentalCharge', id FROM rentals LIMIT 1", "ledger_entries_rental_id_kind_key"),
        ("INSERT INTO ledger_entries (id, kind, rental_id) VALUES (gen_random_uuid(), 'RentalCharge', gen_random_uuid())", "ledger_entries_rental_id_fkey,ledger_entries_have_postings"),
        (Deposited + "INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT id, renter_id, 5 FROM ledger_entries, (SELECT renter_id FROM rentals LIMIT 1) AS thief WHERE kind = 'Deposit' AND id = md5('mine')::uuid UNION ALL SELECT md5('mine')::uuid, (SELECT farmer_id FROM rentals LIMIT 1), -5", "ledger_entries_follow_rentals,wallets_never_negative,ledger_postings_pkey"),
        ("INSERT INTO ledger_entries (id, kind) SELECT md5('steal')::uuid, 'Deposit'; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('steal')::uuid, renter_id, -5 FROM (SELECT renter_id FROM rentals LIMIT 1) AS victim UNION ALL SELECT md5('steal')::uuid, farmer_id, 5 FROM (SELECT farmer_id FROM rentals LIMIT 1) AS thief", "ledger_entries_follow_rentals"),
        (EndOne + "DELETE FROM slices USING rentals WHERE rentals.id = rental_id AND status <> 'Active'; INSERT INTO ledger_entries (id, kind, rental_id) SELECT md5('end')::uuid, 'RentalSettlement', id FROM rentals WHERE status = 'Cancelled' AND ended_at = starts_at; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('end')::uuid, renter_id, paid FROM rentals WHERE status = 'Cancelled' AND ended_at = starts_at UNION ALL SELECT md5('end')::uuid, '00000000-0000-0000-0000-000000000002', -paid FROM rentals WHERE status = 'Cancelled' AND ended_at = starts_at", "ledger_entries_follow_rentals"), // To the renter what the farmer earned.
        ("INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT id, '00000000-0000-0000-0000-000000000001', 5 FROM ledger_entries LIMIT 1", "ledger_entries_sum_to_zero,ledger_postings_pkey"),
        ("INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT gen_random_uuid(), id, 5 FROM ledger_accounts LIMIT 1", "ledger_postings_entry_id_fkey,ledger_entries_sum_to_zero"),
        ("INSERT INTO ledger_entries (id, kind) SELECT md5('gift')::uuid, 'Deposit'; " + Post("md5('gift')::uuid", "5"), "ledger_entries_follow_rentals"),
        ("INSERT INTO ledger_entries (id, kind) SELECT md5('big')::uuid, 'Deposit'; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('big')::uuid, renter_id, -100000000000 FROM rentals LIMIT 1", "wallets_never_negative"),
        (Copy(SameRental) + TakeOne + ChargeIt + Post("md5('charge')::uuid", "5"), "ledger_entries_follow_rentals"),
        ("INSERT INTO ledger_entries (id, kind, rental_id) SELECT md5('early')::uuid, 'RentalSettlement', id FROM rentals WHERE status = 'Active' AND slice_total = 1; INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('early')::uuid, renter_id, paid FROM rentals WHERE status = 'Active' AND slice_total = 1 UNION ALL SELECT md5('early')::uuid, '00000000-0000-0000-0000-000000000002', -paid FROM rentals WHERE status = 'Active' AND slice_total = 1", "ledger_entries_follow_rentals"),

        // The audit trail.
        ("UPDATE audit_entries SET account_id = NULL", "audit_immutable"),
        ("DELETE FROM audit_entries", "audit_immutable"),
        ("TRUNCATE audit_entries", "audit_immutable"),
        ("INSERT INTO audit_entries (actor, action, subject, subject_id) VALUES ('Command', 'Whatever', 'Account', 'x')", "audit_action_check"),
        ("INSERT INTO audit_entries (actor, action, subject, subject_id) VALUES ('Account', 'PartnerGranted', 'Account', 'x')", "audit_entries_name_an_account"),
        ("INSERT INTO audit_entries (actor, action, subject, subject_id, after) VALUES ('Command', 'PartnerGranted', 'Account', 'x', '{\"who\": \"somebody@example.org\"}')", "audit_entries_are_impersonal"),

        // Events and keys.
        ("INSERT INTO events (kind, reason, state) VALUES ('WEATHER', 'NodeObserved', '{}')", "event_kind_check"),
        ("UPDATE events SET state = '{}'", "events_never_change"),
        ("UPDATE event_numbers SET seq = seq + 1000", "event_numbers_never_change"),
        ("TRUNCATE events", "events_never_change"),
        ("INSERT INTO events (kind, reason, state) VALUES ('NODE', 'NodeDreamt', '{}')", "event_reason_check"),
        ("UPDATE event_counter SET last_seq = -5", "event_counter_check"),
        ("INSERT INTO event_counter DEFAULT VALUES", "event_counter_pkey"),
        ("UPDATE idempotency_keys SET answer = '{}'", "idempotency_keys_never_change"),
        ("INSERT INTO idempotency_keys SELECT account_id, operation, 'short', fingerprint, answer FROM idempotency_keys LIMIT 1", "idempotency_key_check"),
        ("INSERT INTO idempotency_keys SELECT account_id, operation, 'another-key', '', answer FROM idempotency_keys LIMIT 1", "sha256_hash_check"),
        ("INSERT INTO idempotency_keys SELECT gen_random_uuid(), operation, key, fingerprint, answer FROM idempotency_keys LIMIT 1", "idempotency_keys_account_id_fkey"),
    ];

    /// <summary>What only the owner may do: pass triggers by, or make tables of the session that run ours, or that write from inside a trigger.</summary>
    private static readonly string[] beyondRows =
    [
        "SET session_replication_role = replica",
        "ALTER TABLE public.slices DISABLE TRIGGER ALL",
        "CREATE TEMP TABLE mine (x integer)",
        "CREATE TABLE public.mine (x integer)",
        "CREATE FUNCTION public.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER mine AFTER INSERT ON public.slices FOR EACH STATEMENT EXECUTE FUNCTION public.count_taken_slices()",
    ];

    /// <summary>Attempts a statement to its end, deferred checks included, and undoes it. Returns the constraint that refused it (or the state), or null when none did.</summary>
    private const string Attempt = """
        CREATE FUNCTION public.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE
            constraint_name text; state text; message text;
        BEGIN
            EXECUTE statement;
            SET CONSTRAINTS ALL IMMEDIATE;
            RAISE EXCEPTION 'accepted' USING ERRCODE = 'MY000';
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS constraint_name = CONSTRAINT_NAME, state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
            RETURN CASE WHEN state = 'MY000' THEN NULL ELSE state || ' ' || constraint_name || ' ' || message END;
        END $$;
        """;

    /// <summary>A role with every right on rows, as the application has them, and none on tables.</summary>
    private const string Writer = """
        DO $$ BEGIN CREATE ROLE writer; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        GRANT USAGE ON SCHEMA public TO writer;
        GRANT ALL ON ALL TABLES IN SCHEMA public TO writer;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO writer;
        GRANT EXECUTE ON FUNCTION market_now() TO writer;
        """;

    /// <summary>Every value of settings that any session may change, the bounds of numbers; and of texts what could mislead a function.</summary>
    private const string Settings = """
        SELECT name, value FROM pg_settings
        CROSS JOIN LATERAL unnest(CASE vartype WHEN 'bool' THEN ARRAY['on', 'off'] WHEN 'enum' THEN enumvals WHEN 'string' THEN ARRAY['']::text[] ELSE ARRAY[min_val, max_val] END) AS value
        WHERE context = 'user' AND NOT name = ANY (ARRAY['exit_on_error', 'role', 'session_authorization']) -- The first ends the session; the others are no settings.
        UNION ALL VALUES ('search_path', 'pg_temp, public'), ('search_path', 'pg_temp, pg_catalog'), ('mycelium.writer', 'start_rentals'), ('mycelium.writer', 'desk')
        ORDER BY name
        """;

    [Fact]
    public async Task A_statement_that_breaks_a_promise_is_refused_by_its_constraint()
    {
        await using TestMarket market = await StockedAsync();
        await market.SqlAsync(Attempt);

        foreach ((string sql, string constraint) in refused)
        {
            string? refusal = await market.ScalarAsync<object>("SELECT attempt($1)", sql) as string;
            Assert.True(refusal is not null, $"Accepted: {sql}");
            Assert.True(
                IsRefusedBy(refusal, constraint),
                $"{sql}\nis refused by {refusal}\ninstead of {constraint}");
        }
        await market.CheckAsync();
    }

    [Fact]
    public async Task No_setting_of_a_session_lets_a_statement_through()
    {
        await using TestMarket market = await StockedAsync();
        await market.SqlAsync(Attempt + Writer);
        List<(string Name, string Value)> settings = await market.RowsAsync(Settings, row => (row.GetString(0), row.GetString(1)));
        await using NpgsqlConnection session = await market.Replica.Owner.OpenConnectionAsync();
        await ExecuteAsync(session, "CREATE TEMP TABLE rentals AS SELECT * FROM public.rentals; UPDATE pg_temp.rentals SET slice_total = 1, status = 'Active', paid = 5; GRANT ALL ON pg_temp.rentals TO writer; SET ROLE writer");
        int tried = 0;

        foreach ((string name, string value) in settings)
        {
            if (!await IsSettableAsync(session, name, value))
                continue;
            tried++;
            await using (var attempts = new NpgsqlCommand("SELECT public.attempt(statement) FROM unnest($1) WITH ORDINALITY AS one (statement, number) ORDER BY number", session))
            {
                attempts.Parameters.Add(new NpgsqlParameter { Value = refused.Select(one => Qualified(one.Sql)).ToArray() });
                await using NpgsqlDataReader rows = await attempts.ExecuteReaderAsync();
                List<string?> refusals = await rows.RowsAsync(row => row.IsDBNull(0) ? null : row.GetString(0), default);
                for (int index = 0; index < refusals.Count; index++)
                {
                    Assert.True(
                        IsRefusedBy(refusals[index], refused[index].Constraint) || (name == "default_transaction_read_only" && refusals[index]!.StartsWith("25006", StringComparison.Ordinal)),
                        $"With {name} = '{value}'\n{refused[index].Sql}\nis refused by {refusals[index] ?? "nothing"}\ninstead of {refused[index].Constraint}");
                }
            }
            await ExecuteAsync(session, $"RESET {name}");
        }

        Assert.InRange(tried, 200, int.MaxValue);
        foreach (string forbidden in beyondRows)
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(session, forbidden))).SqlState);
        await ExecuteAsync(session, "RESET ROLE");
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_wallet_never_goes_below_zero_and_nobody_can_invent_a_balance()
    {
        await using TestMarket market = await StockedAsync();
        AccountId account = await market.AccountAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => PostAsync(market, account, wallet: -5, cash: 5));
        Assert.Equal("wallets_never_negative", refusal.ConstraintName);

        await PostAsync(market, account, wallet: 5, cash: -5, claimedBalance: 1_000_000);
        Assert.Equal(5L, await market.ScalarAsync<long>("SELECT wallet_balance($1)", account.Value));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Two_postings_that_continue_one_balance_are_not_both_written()
    {
        await using TestMarket market = await StockedAsync();
        AccountId account = await market.AccountAsync("1");
        await using NpgsqlConnection first = await market.Replica.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction open = await first.BeginTransactionAsync();
        await PostAsync(first, account, wallet: 1_000_000, cash: -1_000_000);

        Task second = PostAsync(market, account, wallet: 1_000_000, cash: -1_000_000);
        await Testing.Eventually.HoldsAsync(
            () => market.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
            "the second posting waits for the first");
        await open.CommitAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => second);
        Assert.Equal("wallet_postings", refusal.ConstraintName);
        await market.CheckAsync();
    }

    /// <summary>A violated constraint, and the right one where it has a name.</summary>
    private static bool IsRefusedBy(string? refusal, string constraint) =>
        refusal is not null && refusal.StartsWith("23", StringComparison.Ordinal) && (constraint.Length == 0 || constraint.Split(',').Contains(refusal.Split(' ')[1]));

    /// <summary>Tables by their schema: a session's own tables hide ours otherwise, and the attempt would be on those.</summary>
    private static string Qualified(string sql) => System.Text.RegularExpressions.Regex.Replace(
        sql, @"\b(UPDATE|INTO|FROM|DELETE FROM|TRUNCATE|JOIN|USING) (nodes|slices|rentals|grids|slice_combinations|accounts|ledger_\w+|events|event_numbers|event_counter|idempotency_keys|farmer_twins|audit_entries)\b", "$1 public.$2")
        .Replace("FROM public.rentals, ", "FROM public.rentals AS rentals, ", StringComparison.Ordinal)
        .Replace("NULL::rentals", "NULL::public.rentals", StringComparison.Ordinal);

    private static async Task<bool> IsSettableAsync(NpgsqlConnection session, string name, string value)
    {
        try
        {
            await ExecuteAsync(session, $"SET {name} = {(name == "search_path" && value.Length > 0 ? value : $"'{value}'")}");
            return true;
        }
        catch (PostgresException)
        {
            return false; // Not a value of it, or not for every session to change.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A node of 4 slices with two active rentals and a cancelled one, and another node.</summary>
    private static async Task<TestMarket> StockedAsync()
    {
        TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        await market.PublishAsync(id: 2);
        AccountId renter = await market.AccountAsync("10");
        await market.RentedAsync(market.Request(renter, node));
        Rental ended = await market.RentedAsync(market.Request(renter, node));
        await market.CancelAsync(ended);
        await market.RentedAsync(market.Request(renter, node, multiplier: 2));
        return market;
    }

    private static async Task PostAsync(TestMarket market, AccountId account, long wallet, long cash, long? claimedBalance = null)
    {
        await using NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync();
        await PostAsync(connection, account, wallet, cash, claimedBalance);
    }

    private static async Task PostAsync(NpgsqlConnection connection, AccountId account, long wallet, long cash, long? claimedBalance = null)
    {
        await using var batch = new NpgsqlBatch(connection);
        var entry = Guid.CreateVersion7();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO ledger_entries (id, kind) VALUES ($1, 'Deposit')") { Parameters = { new() { Value = entry } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
            VALUES ($1, $2, $3, 99, $4), ($1, '00000000-0000-0000-0000-000000000001', $5, NULL, NULL)
            """)
        {
            Parameters = { new() { Value = entry }, new() { Value = account.Value }, new() { Value = wallet }, new() { Value = claimedBalance ?? 0 }, new() { Value = cash } },
        });
        await batch.ExecuteNonQueryAsync();
    }
}
