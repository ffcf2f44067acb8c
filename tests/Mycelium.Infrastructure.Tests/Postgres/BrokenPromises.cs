namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>Statements that break a promise of the database: each stands for a defect that we may one day have.</summary>
internal static class BrokenPromises
{
    /// <summary>Inserts a rental like the active one, with other values.</summary>
    private static string Copy(string values) =>
        $"""
        INSERT INTO rentals
        SELECT copy.*
        FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', md5('copy'), {values})) AS copy
        WHERE rentals.status = 'Active' AND rentals.slice_total = 1 LIMIT 1;

        """;

    /// <summary>One more segment of the active rental, from an instant on.</summary>
    private static string Segment(string from, string hours) =>
        $"""
        INSERT INTO rental_segments (rental_id, number, kind, starts_at, ends_at, price_per_hour, hours, discount, paid)
        SELECT rental_id, 2, 'Extension', {from}, {from} + {hours} * interval '1 hour', price_per_hour, {hours}, 0, 0 FROM rental_segments LIMIT 1
        """;

    /// <summary>A reservation of one slice of the first node, with other values.</summary>
    private static string Reserve(string values = "'quantity', 1") =>
        $"""
        INSERT INTO reservations
        SELECT (jsonb_populate_record(NULL::reservations, jsonb_build_object(
            'id', md5('held'), 'account_id', renter_id, 'node_id', 1, 'multiplier', 1, 'quantity', 1, 'slice_total', 1,
            'created_at', now(), 'expires_at', now() + interval '5 minutes') || jsonb_build_object({values}))).*
        FROM rentals WHERE status = 'Active' AND slice_total = 1 LIMIT 1;

        """;

    private const string HoldOne = "INSERT INTO slices (node_id, slice_index, reservation_id) SELECT 1, 3, md5('held')::uuid; ";
    private const string SameRental = "'version', 1";
    private const string TakeOne = "INSERT INTO slices SELECT 1, 3, md5('copy')::uuid; ";
    private const string ChargeIt = "INSERT INTO ledger_entries (id, kind, rental_id) SELECT md5('charge')::uuid, 'RentalCharge', md5('copy')::uuid; ";
    private const string EndOne = """
        UPDATE rentals SET status = 'Cancelled', ended_at = starts_at, end_reason = 'CancelledByRenter', version = version + 1
        WHERE status = 'Active' AND slice_total = 1;

        """;

    private const string FreeSlices = "DELETE FROM slices USING rentals WHERE rentals.id = rental_id AND status <> 'Active'; ";

    private const string Deposited = """
        INSERT INTO ledger_entries (id, kind) SELECT md5('mine')::uuid, 'Deposit';
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT md5('mine')::uuid, id, 9 FROM (SELECT id FROM ledger_accounts WHERE kind = 'Wallet' ORDER BY id DESC LIMIT 1) AS other
        UNION ALL SELECT md5('mine')::uuid, '00000000-0000-0000-0000-000000000001', -9;

        """;

    /// <summary>Two postings that add up to nothing: from the renter of the active rental to escrow.</summary>
    private static string Post(string entry, string amount) =>
        $"""
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT {entry}, account, amount
        FROM (SELECT renter_id AS account, -{amount} AS amount FROM rentals WHERE slice_total = 1 AND status = 'Active' LIMIT 1) AS payer
        UNION ALL SELECT {entry}, '00000000-0000-0000-0000-000000000002', {amount};

        """;

    /// <summary>A payment of the renter, with what was received and what was deposited.</summary>
    private static string Pay(string amounts) =>
        $"""
        INSERT INTO payments (id, provider_id, account_id, received, deposited)
        SELECT md5('pay')::uuid, 'pi_1', renter_id, {amounts} FROM rentals WHERE status = 'Active' AND slice_total = 1 LIMIT 1;

        """;

    /// <summary>A withdrawal of a micro-dollar by the renter.</summary>
    private static string Withdraw(string state) =>
        $"""
        INSERT INTO withdrawals (id, account_id, amount, state)
        SELECT md5('take')::uuid, renter_id, 1, '{state}' FROM rentals WHERE status = 'Active' AND slice_total = 1 LIMIT 1;

        """;

    private static string Debt(string owner) => $"overlay({owner}::text PLACING 'd' FROM 15 FOR 1)";

    /// <summary>An entry about a subject that moves an amount from one account to another.</summary>
    private static string Post(string kind, string subject, string from, string to, string amount) =>
        $"""
        INSERT INTO ledger_entries (id, kind, subject_id)
        SELECT md5('moved')::uuid, '{kind}', {subject} FROM rentals WHERE status = 'Active' AND slice_total = 1 LIMIT 1;
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT md5('moved')::uuid, account::uuid, amount FROM (SELECT * FROM rentals WHERE status = 'Active' AND slice_total = 1 LIMIT 1) AS rented
        CROSS JOIN LATERAL (VALUES (({from})::text, -{amount}), (({to})::text, {amount})) AS posting (account, amount);

        """;

    /// <summary>Settles the rentals that the condition selects by paying all that they cost back to their renters.</summary>
    private static string PayBack(string entry, string condition) =>
        $"""
        INSERT INTO ledger_entries (id, kind, rental_id) SELECT md5('{entry}')::uuid, 'RentalSettlement', id FROM rentals WHERE {condition};
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT md5('{entry}')::uuid, renter_id, paid FROM rentals WHERE {condition}
        UNION ALL SELECT md5('{entry}')::uuid, '00000000-0000-0000-0000-000000000002', -paid FROM rentals WHERE {condition}
        """;

    /// <summary>Statements, and the names of the constraints that may refuse each, with commas; "" where any may.</summary>
    public static readonly (string Sql, string Constraint)[] All =
    [
        // Nodes and their slices.
        ("UPDATE nodes SET allocated_slices = allocated_slices + 1", "nodes_count_their_slices"),
        ("UPDATE nodes SET allocated_slices = 0", "nodes_count_their_slices"),
        ("UPDATE nodes SET allocated_slices = -1", "item_count_check"),
        ("UPDATE nodes SET farmer_id = NULL, version = version + 1 WHERE id = 1", "nodes_for_rent_have_a_farmer"),
        ("UPDATE nodes SET farmer_id = gen_random_uuid(), version = version + 1", "nodes_farmer_id_fkey"),
        ("UPDATE nodes SET farmer_id = (SELECT id FROM accounts WHERE id <> farmer_id LIMIT 1), version = version + 1", "nodes_follow_their_farms_owner"),
        ("UPDATE nodes SET is_sellable = false, allocated_slices = 0", "nodes_count_their_slices"),
        ("UPDATE nodes SET is_dedicated = true, version = version + 1, sync_sequence = sync_sequence + 1; UPDATE nodes SET is_sellable = true; "
            + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("UPDATE nodes SET doubted_since = now(), version = version + 1, sync_sequence = sync_sequence + 1; " + Copy(SameRental) + TakeOne,
            "nodes_never_overbooked"),
        ("UPDATE nodes SET is_rented_on_grid = true, version = version + 1, sync_sequence = sync_sequence + 1; " + Copy(SameRental) + TakeOne,
            "nodes_never_overbooked"),
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
        ("UPDATE slices SET rental_id = gen_random_uuid()", "slices_never_change,slices_rental_id_fkey"),
        ("TRUNCATE slices", "slices_never_change"),
        ("DELETE FROM slices", "slices_are_of_whole_rentals"),
        (Copy("'node_id', 2") + "INSERT INTO slices SELECT 1, 90, md5('copy')::uuid", "slices_are_of_whole_rentals"),
        (Copy("'multiplier', 2, 'slice_total', 2") + TakeOne, "slices_are_of_whole_rentals"),
        (Copy("'multiplier', 8, 'slice_total', 8") + "INSERT INTO slices SELECT 1, 90 + number, md5('copy')::uuid FROM generate_series(1, 8) AS number",
            "slices_are_of_whole_rentals"),
        ("DELETE FROM slices USING rentals WHERE false; UPDATE nodes SET slice_capacity = 3, version = version + 1 WHERE id = 1; "
            + Copy(SameRental) + "INSERT INTO slices SELECT 1, 3, md5('copy')::uuid", "slices_are_of_whole_rentals"),
        ("UPDATE nodes SET is_published = false, version = version + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),
        ("UPDATE nodes SET status = 'Down', version = version + 1; " + Copy(SameRental) + TakeOne, "nodes_never_overbooked"),

        // Whole nodes, their machines, and rentals that moved.
        ("UPDATE nodes SET whole_rental_id = (SELECT id FROM rentals LIMIT 1), version = version + 1 WHERE id = 1", "nodes_count_their_slices"),
        (Copy("'kind', 'WholeNode'") + TakeOne, "nodes_are_rented_whole"),
        (Copy("'node_discount', 5000"), "rentals_are_of_a_kind"),
        (Copy("'kind', 'Machine'"), "rentals_are_of_a_kind"),
        (Copy("'kind', 'Machine', 'paid', 0, 'price_per_hour', 0, 'host_rental_id', id"), "machines_fit_their_host"),
        (Copy("'moved_from', id") + TakeOne, "rentals_are_whole"),
        ("UPDATE rentals SET kind = 'WholeNode'", "rentals_keep_their_terms"),

        // Rentals.
        (Copy("'renter_id', gen_random_uuid()"), "rentals_renter_id_fkey"),
        (Copy("'farmer_id', gen_random_uuid()"), "rentals_farmer_id_fkey"),
        (Copy("'node_id', 77"), "rentals_node_id_fkey"),
        (Copy("'status', 'Expired', 'ended_at', '2026-01-01', 'end_reason', 'TermEnded'"), "rentals_begin_active"),
        (Copy("'ends_at', '2099-01-01'") + TakeOne, "rental_segments_add_up"),
        (Copy("'ends_at', '2001-01-01'"), "rentals_add_up"),
        (Copy("'ssh_public_key', repeat('x', 20000)"), "rentals_ssh_public_key_check"),
        (Copy("'farmer_id', (SELECT id FROM accounts WHERE id <> rentals.farmer_id LIMIT 1)") + TakeOne, "slices_are_of_whole_rentals"),
        (Copy(SameRental), "rentals_are_whole"),
        (Copy(SameRental) + TakeOne, "rentals_are_whole"),
        (Copy(SameRental) + TakeOne + ChargeIt, "rentals_are_whole,ledger_entries_have_postings"),
        ("UPDATE rentals SET status = 'Expired', ended_at = ends_at, end_reason = 'TermEnded' WHERE status = 'Active'", "rentals_expire_at_their_end"),
        (EndOne, "rentals_are_whole"),
        (EndOne + FreeSlices, "rentals_are_whole"),
        ("UPDATE rentals SET renter_id = farmer_id", "rentals_keep_their_terms"),
        ("UPDATE rentals SET paid = paid + 100, version = version + 1 WHERE status = 'Active'", "rentals_are_whole"),
        ("UPDATE rentals SET paid = paid - 100, version = version + 1 WHERE status = 'Active'", ""), // No reason explains it.
        ("UPDATE rentals SET ends_at = ends_at + interval '1 year', version = version + 1 WHERE status = 'Active'", "rentals_are_whole"),
        ("UPDATE rentals SET ends_at = ends_at + interval '1 year' WHERE status = 'Active'", "rentals_change_by_version"), // No subscriber would see it.
        ("UPDATE rentals SET starts_at = starts_at - interval '1 hour', version = version + 1 WHERE status = 'Active'", "rentals_start_once"),
        ("UPDATE rentals SET earned = paid WHERE status = 'Active'", "rentals_earn_by_entries"),
        ("UPDATE rentals SET fee = 10000", "rentals_keep_their_terms"),
        ("UPDATE rentals SET status = 'Grace', version = version + 1 WHERE status = 'Active'", "rentals_wait_in_grace"),
        ("UPDATE rentals SET status = 'Provisioning', version = version + 1 WHERE status = 'Active'", "rentals_live_in_order"),
        ("UPDATE rentals SET status = 'Failed', ended_at = starts_at, end_reason = 'ProvisioningFailed', refunded = paid, version = version + 1 "
            + "WHERE status = 'Active'",
            "rentals_live_in_order"),
        ("UPDATE rentals SET name = '', version = version + 1 WHERE status = 'Active'", "rentals_have_short_names"),
        ("UPDATE rentals SET renews_at = ends_at WHERE status = 'Active'", "rentals_renew_below_a_price"),
        ("UPDATE rentals SET auto_renew_max = -1, version = version + 1 WHERE status = 'Active'", "rentals_renew_below_a_price"),
        ("DELETE FROM rental_segments", "rental_segments_stay"),
        ("UPDATE rental_segments SET paid = paid + 1", "rental_segments_grow_by_the_hour"),
        ("UPDATE rental_segments SET metered_paid = paid", "rental_segments_grow_by_the_hour"),
        ("UPDATE rental_segments SET price_per_hour = 0", "rental_segments_keep_their_terms"),
        ("UPDATE rentals SET billing = 'Metered'", "rentals_keep_their_terms"),
        ("UPDATE rentals SET spending_limit = 1, version = version + 1 WHERE status = 'Active'", "rentals_are_billed"),
        ("UPDATE rentals SET extras_paid = 1, version = version + 1 WHERE status = 'Active'", "rentals_are_billed"),
        ("UPDATE rental_segments SET refunded = paid + 1", "rental_segments_add_up"),
        ("UPDATE rental_segments SET refunded = refunded + 1 WHERE paid > refunded", "rentals_are_whole"),
        ("UPDATE rental_segments SET is_returned = true, refunded = paid", "rentals_are_whole"),
        ("UPDATE rental_segments SET ends_at = ends_at + interval '1 hour'", "rental_segments_add_up"),
        (Segment("ends_at", "4"), "rentals_are_whole"), // Free, but the rental does not say that it is longer.
        (Segment("ends_at + interval '1 hour'", "4"), "rentals_are_whole"),
        ("UPDATE rental_timeline SET at = at - interval '1 day'", "rental_timeline_stays"),
        ("DELETE FROM rental_timeline", "rental_timeline_stays"),

        // Reservations.
        (Reserve(), "reservations_are_whole"),
        (Reserve("'slice_total', 2"), "reservations_add_up"),
        (Reserve("'expires_at', '2001-01-01'"), "reservations_add_up"),
        (Reserve("'ended_at', '2001-01-01', 'end_reason', 'Released'"), "reservations_begin_held,reservations_add_up"),
        (Reserve() + HoldOne + "UPDATE slices SET rental_id = (SELECT id FROM rentals WHERE status = 'Active' LIMIT 1), reservation_id = NULL "
            + "WHERE reservation_id = md5('held')::uuid", "slices_are_of_whole_rentals"),
        (Reserve() + HoldOne + "DELETE FROM slices WHERE reservation_id = md5('held')::uuid", "slices_are_of_whole_rentals"),
        (Reserve() + HoldOne + "UPDATE reservations SET ended_at = expires_at, end_reason = 'Expired'", "reservations_are_whole"),
        (Reserve() + HoldOne + "UPDATE reservations SET ended_at = created_at, end_reason = 'Rented', rental_id = (SELECT id FROM rentals LIMIT 1)",
            "reservations_are_whole"),
        (Reserve() + HoldOne + "UPDATE reservations SET slice_total = 1", "reservations_keep_what_they_hold"),
        (Reserve() + HoldOne + "UPDATE nodes SET reserved_slices = 0", "nodes_count_their_slices"),
        (Reserve() + HoldOne + HoldOne.Replace("3", "2", StringComparison.Ordinal), "slices_are_of_whole_rentals,slices_pkey"),
        ("INSERT INTO slices (node_id, slice_index) VALUES (1, 3)", "slices_have_one_holder,slices_are_of_whole_rentals"),

        // Earnings.
        ("INSERT INTO rental_earnings SELECT id, gen_random_uuid(), 1, 0 FROM rentals WHERE status = 'Active' LIMIT 1", "rental_earnings_entry_id_fkey"),
        ("INSERT INTO rental_earnings SELECT rental_id, id, 1, 0 FROM ledger_entries WHERE kind = 'RentalCharge'", "rentals_are_whole,rentals_add_up"),
        ("INSERT INTO rental_earnings SELECT rental_id, id, 0, 0 FROM ledger_entries WHERE kind = 'RentalCharge'", "rental_earnings_earned_check"),
        ("INSERT INTO rental_earnings SELECT rental_id, id, 1, 2 FROM ledger_entries WHERE kind = 'RentalCharge'", "rental_earnings_check"),
        (Copy("'paid', 0") + TakeOne + ChargeIt, "ledger_entries_follow_rentals"),
        ("DELETE FROM rentals WHERE status = 'Active'", "rentals_stay"),
        ("TRUNCATE rentals CASCADE", "rentals_stay,ledger_immutable,slices_never_change"),
        (Copy("'quantity', 0"), "positive_count_check"),
        (Copy("'slice_total', 5"), "rentals_add_up"),
        ("UPDATE rentals SET refunded = paid + 1 WHERE status = 'Active'", "rentals_add_up"),
        ("UPDATE rentals SET refunded = 1, version = version + 1 WHERE status = 'Active'", "rentals_are_whole"),
        ("UPDATE rentals SET status = 'Cancelled', ended_at = starts_at WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Cancelled', end_reason = 'CancelledByRenter' WHERE status = 'Active'", "rentals_end_for_a_reason"),
        ("UPDATE rentals SET status = 'Cancelled', ended_at = ends_at + interval '1 hour', end_reason = 'CancelledByRenter' WHERE status = 'Active'",
            "rentals_expire_at_their_end"),
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
        ("INSERT INTO ledger_accounts (id, kind) VALUES ('00000000-0000-0000-0000-000000000009', 'Escrow')", "ledger_accounts_shared"),
        (
            """
            INSERT INTO ledger_entries (id, kind) SELECT md5('out')::uuid, 'Deposit';
            INSERT INTO ledger_postings (entry_id, account_id, amount)
            SELECT md5('out')::uuid, renter_id, -5 FROM (SELECT renter_id FROM rentals LIMIT 1) AS payer
            UNION ALL SELECT md5('out')::uuid, '00000000-0000-0000-0000-000000000001', 5
            """, "ledger_entries_follow_rentals"),
        ("INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Gift')", "ledger_entry_kind_check"),
        ("INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Deposit')", "ledger_entries_have_postings"),
        ("INSERT INTO ledger_entries (id, kind, rental_id) SELECT gen_random_uuid(), 'RentalCharge', id FROM rentals LIMIT 1",
            "ledger_entries_once"),
        ("INSERT INTO ledger_entries (id, kind, rental_id) VALUES (gen_random_uuid(), 'RentalCharge', gen_random_uuid())",
            "ledger_entries_rental_id_fkey,ledger_entries_have_postings"),
        (
            Deposited + """
            INSERT INTO ledger_postings (entry_id, account_id, amount)
            SELECT id, renter_id, 5 FROM ledger_entries, (SELECT renter_id FROM rentals LIMIT 1) AS thief WHERE kind = 'Deposit' AND id = md5('mine')::uuid
            UNION ALL SELECT md5('mine')::uuid, (SELECT farmer_id FROM rentals LIMIT 1), -5
            """, "ledger_entries_follow_rentals,wallets_never_negative,ledger_postings_pkey"),
        (
            """
            INSERT INTO ledger_entries (id, kind) SELECT md5('steal')::uuid, 'Deposit';
            INSERT INTO ledger_postings (entry_id, account_id, amount)
            SELECT md5('steal')::uuid, renter_id, -5 FROM (SELECT renter_id FROM rentals LIMIT 1) AS victim
            UNION ALL SELECT md5('steal')::uuid, farmer_id, 5 FROM (SELECT farmer_id FROM rentals LIMIT 1) AS thief
            """, "ledger_entries_follow_rentals"),
        (EndOne + FreeSlices + PayBack("end", "status = 'Cancelled' AND ended_at = starts_at"),
            "ledger_entries_follow_rentals"), // The renter is paid what the farmer earned.
        ("INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT id, '00000000-0000-0000-0000-000000000001', 5 FROM ledger_entries LIMIT 1",
            "ledger_entries_sum_to_zero,ledger_postings_pkey"),
        ("INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT gen_random_uuid(), id, 5 FROM ledger_accounts LIMIT 1",
            "ledger_postings_entry_id_fkey,ledger_entries_sum_to_zero"),
        ("INSERT INTO ledger_entries (id, kind) SELECT md5('gift')::uuid, 'Deposit'; " + Post("md5('gift')::uuid", "5"), "ledger_entries_follow_rentals"),
        (
            """
            INSERT INTO ledger_entries (id, kind) SELECT md5('big')::uuid, 'Deposit';
            INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT md5('big')::uuid, renter_id, -100000000000 FROM rentals LIMIT 1
            """, "wallets_never_negative"),
        (Copy(SameRental) + TakeOne + ChargeIt + Post("md5('charge')::uuid", "5"), "ledger_entries_follow_rentals"),
        (PayBack("early", "status = 'Active' AND slice_total = 1"), "ledger_entries_follow_rentals"),

        // Payments and debts.
        (Pay("5, 5"), "payments_are_posted"),
        (Pay("5, 6"), "payments_add_up"),
        (Pay("5, 5") + Post("PaymentReceived", "md5('pay')::uuid", "'00000000-0000-0000-0000-000000000001'", "renter_id", "6"),
            "ledger_entries_follow_rentals"),
        (Pay("5, 5") + Post("PaymentReceived", "md5('pay')::uuid", "'00000000-0000-0000-0000-000000000001'", "farmer_id", "5"),
            "ledger_entries_follow_rentals"),
        (Pay("5, 5") + Post("PaymentTakenBack", "md5('pay')::uuid", "renter_id", "'00000000-0000-0000-0000-000000000001'", "5"),
            "ledger_entries_follow_rentals"),
        (Post("PaymentReceived", "gen_random_uuid()", "'00000000-0000-0000-0000-000000000001'", "renter_id", "5"), "ledger_entries_follow_rentals"),
        (Post("DebtPaid", "renter_id", "renter_id", Debt("renter_id"), "1"), "debts_never_positive"),
        (Post("DebtPaid", "renter_id", "renter_id", Debt("farmer_id"), "1"), "ledger_entries_follow_rentals"),
        (Post("Deposit", "renter_id", "'00000000-0000-0000-0000-000000000001'", "overlay(renter_id::text PLACING 'e' FROM 15 FOR 1)", "1"),
            "ledger_entries_follow_rentals"),
        (Post("Deposit", "renter_id", "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000004'", "1"),
            "ledger_entries_follow_rentals"),
        (Withdraw("Requested"), "withdrawals_are_posted"),
        (Withdraw("Approved"), "withdrawals_stay"),
        (Withdraw("Requested") + "UPDATE withdrawals SET amount = 2", "withdrawals_stay"),
        (Withdraw("Requested") + Post("WithdrawalRequested", "md5('take')::uuid", "renter_id", "'00000000-0000-0000-0000-000000000004'", "2"),
            "ledger_entries_follow_rentals"),
        (Withdraw("Requested") + Post("WithdrawalReturned", "md5('take')::uuid", "'00000000-0000-0000-0000-000000000004'", "renter_id", "1"),
            "ledger_entries_follow_rentals"),
        (Withdraw("Requested") + Post("WithdrawalSettled", "md5('take')::uuid", "'00000000-0000-0000-0000-000000000004'",
            "'00000000-0000-0000-0000-000000000001'", "1"), "ledger_entries_follow_rentals"),
        (Withdraw("Requested") + "DELETE FROM withdrawals", "withdrawals_stay"),
        ("DELETE FROM payments", "payments_stay"),
        ("DELETE FROM payment_disputes", "payments_stay"),
        ("UPDATE payment_events SET type = 'other'", "payments_stay"),
        ("TRUNCATE payment_events", "payments_stay"),

        // The audit trail.
        ("UPDATE audit_entries SET account_id = NULL", "audit_immutable"),
        ("DELETE FROM audit_entries", "audit_immutable"),
        ("TRUNCATE audit_entries", "audit_immutable"),
        ("INSERT INTO audit_entries (actor, action, subject, subject_id) VALUES ('Command', 'Whatever', 'Account', 'x')", "audit_action_check"),
        ("INSERT INTO audit_entries (actor, action, subject, subject_id) VALUES ('Account', 'PartnerGranted', 'Account', 'x')",
            "audit_entries_name_an_account"),
        (
            """
            INSERT INTO audit_entries (actor, action, subject, subject_id, after)
            VALUES ('Command', 'PartnerGranted', 'Account', 'x', '{"who": "somebody@example.org"}')
            """, "audit_entries_are_impersonal"),

        // Events and keys.
        ("INSERT INTO events (kind, reason, state) VALUES ('WEATHER', 'NodeObserved', '{}')", "event_kind_check"),
        ("UPDATE events SET state = '{}'", "events_never_change"),
        ("UPDATE event_numbers SET seq = seq + 1000", "event_numbers_never_change"),
        ("TRUNCATE events", "events_never_change"),
        ("INSERT INTO events (kind, reason, state) VALUES ('NODE', 'NodeDreamt', '{}')", "event_reason_check"),
        ("UPDATE event_counter SET last_seq = -5", "event_counter_check"),
        ("INSERT INTO event_counter DEFAULT VALUES", "event_counter_pkey"),
        ("UPDATE idempotency_keys SET answer = '{}'", "idempotency_keys_never_change"),
        ("INSERT INTO idempotency_keys SELECT account_id, operation, 'short', fingerprint, answer FROM idempotency_keys LIMIT 1",
            "idempotency_key_check"),
        ("INSERT INTO idempotency_keys SELECT account_id, operation, 'another-key', '', answer FROM idempotency_keys LIMIT 1", "sha256_hash_check"),
        ("INSERT INTO idempotency_keys SELECT gen_random_uuid(), operation, key, fingerprint, answer FROM idempotency_keys LIMIT 1",
            "idempotency_keys_account_id_fkey"),
    ];
}
