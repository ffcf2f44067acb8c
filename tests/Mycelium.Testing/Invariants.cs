using Npgsql;

namespace Mycelium.Testing;

/// <summary>
/// Promises that must hold in the database at every instant. They are checked in one snapshot, so they can be checked while others write. Each query
/// returns counterexamples.
/// </summary>
public static class Invariants
{
    /// <summary>
    /// Queries for counterexamples, none of which may be found. Each reads every table a fixed number of times, never once for each row of another
    /// table, so that a million events take seconds.
    /// </summary>
    private static readonly (string Promise, string CounterExamples)[] questions =
    [
        ("a node has more rented than it holds only after it shrank",
            """
            SELECT id FROM nodes WHERE allocated_slices > slice_capacity
            AND NOT EXISTS (SELECT FROM events WHERE kind = 'NODE' AND node_id = nodes.id AND previous LIKE '%"slice_capacity"%')
            """),
        ("what a node has allocated is the sum of its live rentals and reservations, and the number of its slices",
            """
            SELECT node.id, node.allocated_slices, node.reserved_slices, rented.slices, reserved.slices, held.slices FROM nodes AS node
            LEFT JOIN (
                SELECT node_id, sum(slice_total) AS slices FROM rentals WHERE ended_at IS NULL AND kind <> 'Machine' GROUP BY node_id
            ) AS rented ON rented.node_id = node.id
            LEFT JOIN (SELECT node_id, sum(slice_total) AS slices FROM reservations WHERE ended_at IS NULL GROUP BY node_id) AS reserved
                ON reserved.node_id = node.id
            LEFT JOIN (SELECT node_id, count(*) AS slices FROM slices GROUP BY node_id) AS held ON held.node_id = node.id
            WHERE node.allocated_slices <> coalesce(rented.slices, 0) + coalesce(reserved.slices, 0)
               OR node.reserved_slices <> coalesce(reserved.slices, 0) OR node.allocated_slices <> coalesce(held.slices, 0)
            """),
        ("a reservation that has not ended holds exactly its slices, an ended one none",
            """
            SELECT held.id FROM reservations AS held
            LEFT JOIN (SELECT reservation_id, count(*) AS slices FROM slices GROUP BY reservation_id) AS taken ON taken.reservation_id = held.id
            WHERE coalesce(taken.slices, 0) <> CASE WHEN ended_at IS NULL THEN slice_total ELSE 0 END
            """),
        ("a node's farmer owns its farm",
            """
            SELECT node.id FROM nodes AS node JOIN farms AS farm ON farm.id = node.farm_id
            WHERE farmer_id IS NOT NULL AND farmer_id IS DISTINCT FROM owner_id
            """),
        ("a node that sells is registered, published, seen, believed, up, not rented out as a whole, and not overcommitted",
            """
            SELECT id FROM nodes WHERE is_sellable <> (
                farmer_id IS NOT NULL AND is_published AND missed_passes < 3 AND doubted_since IS NULL AND status <> 'Down' AND NOT is_dedicated
                AND rented_by_twin_id IS NULL AND NOT is_rented_on_grid AND allocated_slices <= slice_capacity AND whole_rental_id IS NULL)
            """),
        ("a live rental holds exactly its slices, an ended one holds none",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (
                SELECT rental_id, count(*) AS slices, min(node_id) AS low, max(node_id) AS high FROM slices GROUP BY rental_id
            ) AS held ON held.rental_id = rental.id
            WHERE coalesce(held.slices, 0) <> CASE WHEN ended_at IS NULL AND kind <> 'Machine' THEN slice_total ELSE 0 END
               OR rental.node_id <> held.low OR rental.node_id <> held.high
            """),
        ("a whole node is its rental's alone, and its machines fit on it and have its time",
            """
            SELECT host.id FROM rentals AS host JOIN nodes AS node ON node.id = host.node_id
            LEFT JOIN (SELECT host_rental_id, sum(slice_total) AS slices, min(ends_at) AS first, max(ends_at) AS last FROM rentals
                       WHERE ended_at IS NULL AND host_rental_id IS NOT NULL GROUP BY host_rental_id) AS placed ON placed.host_rental_id = host.id
            WHERE (host.kind = 'WholeNode' AND host.ended_at IS NULL) <> (node.whole_rental_id IS NOT DISTINCT FROM host.id)
               OR placed.slices > CASE WHEN host.kind = 'WholeNode' AND host.ended_at IS NULL THEN host.slice_total ELSE 0 END
               OR placed.first <> host.ends_at OR placed.last <> host.ends_at
               OR node.whole_rental_id = host.id AND node.allocated_slices <> host.slice_total
            """),
        ("a rental was requested under one key",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (
                SELECT account_id, (answer ->> 'rental_id')::uuid AS rental_id, count(*) AS count FROM idempotency_keys
                WHERE operation IN ('rentSlices', 'rentNode', 'placeMachine', 'moveRental') GROUP BY 1, 2
            ) AS answered ON answered.rental_id = rental.id AND answered.account_id = rental.renter_id
            WHERE starts_at > now() - interval '72 hours' AND answered.count IS DISTINCT FROM 1
            """),
        ("a stored answer belongs to a rental of the account",
            """
            SELECT key FROM idempotency_keys LEFT JOIN rentals AS rental ON rental.id = (answer ->> 'rental_id')::uuid AND rental.renter_id = account_id
            WHERE operation IN ('rentSlices', 'cancelRental') AND rental.id IS NULL
            """),
        ("every ledger entry sums to zero", "SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount) <> 0"),
        ("no ledger entry is empty", "SELECT id FROM ledger_entries LEFT JOIN ledger_postings ON entry_id = id WHERE entry_id IS NULL"),
        ("a running balance of a wallet or of earnings is the sum of its postings, never negative, without a gap",
            """
            SELECT account_id FROM (
                SELECT account_id, sequence, balance_after, sum(amount) OVER wallet AS replayed, row_number() OVER wallet AS position
                FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id AND account.kind IN ('Wallet', 'Earnings')
                WINDOW wallet AS (PARTITION BY account_id ORDER BY sequence)) AS posting
            WHERE balance_after IS DISTINCT FROM replayed OR balance_after < 0 OR sequence IS DISTINCT FROM position
            """),
        ("a debt is never positive, and belongs to an account",
            """
            SELECT account.id FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id AND account.kind = 'Debt'
            GROUP BY account.id, owner_id HAVING sum(amount) > 0 OR owner_id IS NULL
            """),
        ("a payment moved what it says, and took back no more than its payer and its disputes took",
            """
            SELECT payment.id FROM payments AS payment
            LEFT JOIN (
                SELECT entry.subject_id, -sum(amount) AS moved FROM ledger_entries AS entry
                JOIN ledger_postings AS posting ON posting.entry_id = entry.id JOIN ledger_accounts AS account ON account.id = posting.account_id
                WHERE entry.kind IN ('PaymentReceived', 'PaymentTakenBack', 'PaymentReinstated') AND account.kind = 'ExternalCash' GROUP BY entry.subject_id
            ) AS posted ON posted.subject_id = payment.id
            WHERE coalesce(posted.moved, 0) <> deposited - taken_back
               OR account_id IS NOT NULL AND (deposited <> received OR taken_back <> least(received, refunded + disputed))
            """),
        ("payouts hold the withdrawals that have not ended, and each ended one went where it says",
            """
            SELECT held, open FROM
                (
                    SELECT coalesce(sum(amount), 0) AS held FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id
                    WHERE account.kind = 'Payouts'
                ) AS payouts,
                (SELECT coalesce(sum(amount), 0) AS open FROM withdrawals WHERE ended_at IS NULL) AS requested
            WHERE held <> open
            """),
        ("escrow holds what live rentals have paid and is neither refunded nor earned",
            """
            SELECT held, paid FROM
                (
                    SELECT coalesce(sum(amount), 0) AS held FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id
                    WHERE account.kind = 'Escrow'
                ) AS escrow,
                (SELECT coalesce(sum(paid - refunded - earned), 0) AS paid FROM rentals WHERE ended_at IS NULL) AS rented
            WHERE held <> paid
            """),
        ("a rental was charged what it says, and the renter has back what it says",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (
                SELECT entry.rental_id,
                       sum(posting.amount) FILTER (WHERE entry.kind = 'RentalCharge' AND posting.amount > 0) AS charged,
                       -sum(posting.amount) FILTER (WHERE entry.kind = 'RentalRefund' AND posting.amount < 0) AS refunded,
                       -sum(posting.amount) FILTER (WHERE entry.kind = 'RentalSettlement' AND posting.amount < 0) AS settled
                FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id GROUP BY entry.rental_id
            ) AS booked ON booked.rental_id = rental.id
            LEFT JOIN (
                SELECT earning.rental_id, sum(earned) AS earned FROM rental_earnings AS earning JOIN ledger_entries AS entry ON entry.id = earning.entry_id
                WHERE entry.kind = 'Earnings' GROUP BY earning.rental_id
            ) AS posted ON posted.rental_id = rental.id
            LEFT JOIN (SELECT rental_id, sum(metered_paid) AS paid FROM rental_segments GROUP BY rental_id) AS metered ON metered.rental_id = rental.id
            WHERE rental.paid <> coalesce(booked.charged, 0) + coalesce(metered.paid, 0)
               OR ended_at IS NOT NULL AND rental.paid <> coalesce(booked.refunded, 0) + coalesce(booked.settled, 0) + coalesce(posted.earned, 0)
               OR ended_at IS NULL
                   AND (rental.refunded <> coalesce(booked.refunded, 0) OR booked.settled IS NOT NULL OR rental.earned <> coalesce(posted.earned, 0))
            """),
        ("the hours of an account's metered rentals and names cost what its entries moved",
            """
            SELECT id FROM accounts
            LEFT JOIN (
                SELECT entry.subject_id, sum(posting.amount) FILTER (WHERE account.kind = 'Escrow') AS escrowed,
                       sum(posting.amount) FILTER (WHERE account.kind = 'PlatformFees') AS fees
                FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id
                JOIN ledger_accounts AS account ON account.id = posting.account_id WHERE entry.kind = 'MeteredCharge' GROUP BY entry.subject_id
            ) AS moved ON moved.subject_id = accounts.id
            LEFT JOIN (
                SELECT renter_id, sum(metered_paid) AS paid, sum(public_ip_paid + traffic_paid) AS extras
                FROM rental_segments JOIN rentals AS rental ON rental.id = rental_id GROUP BY renter_id
            ) AS rented ON rented.renter_id = accounts.id
            LEFT JOIN (
                SELECT name.account_id, sum(name.paid - coalesce(own.amount, 0)) AS paid FROM reserved_names AS name
                LEFT JOIN (
                    SELECT subject_id, sum(amount) AS amount FROM ledger_entries JOIN ledger_postings ON entry_id = id
                    WHERE kind = 'NameCharge' AND amount > 0 GROUP BY subject_id) AS own ON own.subject_id = name.id
                GROUP BY name.account_id
            ) AS named ON named.account_id = accounts.id
            WHERE coalesce(moved.escrowed, 0) <> coalesce(rented.paid, 0) OR coalesce(moved.fees, 0) <> coalesce(rented.extras, 0) + coalesce(named.paid, 0)
            """),
        ("a rental's segments follow each other and add up to what it says",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (
                SELECT rental_id, min(starts_at) FILTER (WHERE NOT is_returned) AS starts_at, max(ends_at) FILTER (WHERE NOT is_returned) AS ends_at,
                       sum(paid) AS paid, sum(refunded) AS refunded, sum(ends_at - starts_at) FILTER (WHERE NOT is_returned) AS length
                FROM rental_segments GROUP BY rental_id
            ) AS parts ON parts.rental_id = rental.id
            WHERE CASE WHEN kind = 'Machine' THEN parts.rental_id IS NOT NULL
               -- Nothing is paid before it is ready.
               WHEN billing = 'Metered' AND parts.rental_id IS NULL THEN rental.paid <> 0 OR rental.ends_at <> rental.starts_at
               ELSE (parts.starts_at, parts.ends_at, parts.paid, parts.refunded)
                   IS DISTINCT FROM (rental.starts_at, rental.ends_at, rental.paid, rental.refunded) END
               OR extract(epoch FROM parts.length) <> extract(epoch FROM rental.ends_at - rental.starts_at)
            """),
        ("what a rental earned is the sum of its earnings, and the fee its share",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (SELECT rental_id, sum(earned) AS earned, sum(fee) AS fee FROM rental_earnings GROUP BY rental_id) AS added ON added.rental_id = rental.id
            WHERE rental.earned <> coalesce(added.earned, 0) OR fee_earned <> coalesce(added.fee, 0)
               OR fee_earned <> floor(rental.earned::numeric * rental.fee / 10000)
            """),
        ("a rental moves money between its parties and escrow alone",
            """
            SELECT entry.rental_id FROM ledger_entries AS entry
            JOIN ledger_postings AS posting ON posting.entry_id = entry.id JOIN ledger_accounts AS account ON account.id = posting.account_id
            JOIN rentals AS rental ON rental.id = entry.rental_id
            WHERE account.kind NOT IN ('Escrow', 'PlatformFees')
              AND posting.account_id NOT IN (rental.renter_id, rental.farmer_id, earnings_account(rental.farmer_id))
              AND NOT (entry.kind = 'Penalty' AND posting.account_id = debt_account(rental.farmer_id))
            """),
        ("a penalty is the promised share of what came back, from whom ended the rental, and its entries are what is paid of it",
            """
            SELECT penalty.rental_id FROM penalties AS penalty JOIN rentals AS rental ON rental.id = penalty.rental_id
            WHERE penalty.payer_id IS DISTINCT FROM CASE rental.end_reason WHEN 'CancelledByFarmer' THEN rental.farmer_id END
               OR rental.end_reason NOT IN ('CancelledByFarmer', 'CancelledByOperator')
               OR penalty.amount <> (SELECT floor(sum(refunded) * rental.penalty_rate / 10000) FROM rental_segments
                                     WHERE rental_id = rental.id AND NOT is_returned)
               OR penalty.paid <> (SELECT coalesce(sum(amount), 0) FROM ledger_entries AS entry JOIN ledger_postings ON entry_id = entry.id
                                   WHERE entry.rental_id = rental.id AND kind = 'Penalty' AND account_id = rental.renter_id)
            """),
        ("every change of a rental is one event and one row of its timeline, in the same order",
            """
            SELECT rental.id FROM rentals AS rental
            LEFT JOIN (
                SELECT rental_id, array_agg(reason::text ORDER BY id) AS reasons FROM events WHERE kind = 'RENTAL' GROUP BY rental_id
            ) AS recorded ON recorded.rental_id = rental.id
            LEFT JOIN (
                SELECT rental_id, array_agg(reason::text ORDER BY version) AS reasons, max(version) AS version FROM rental_timeline GROUP BY rental_id
            ) AS lived ON lived.rental_id = rental.id
            WHERE recorded.reasons IS DISTINCT FROM lived.reasons OR lived.version <> rental.version OR cardinality(lived.reasons) <> rental.version
               OR lived.reasons[1] <> 'RentalStarted'
               OR ended_at IS NOT NULL AND lived.reasons[cardinality(lived.reasons)] NOT IN ('RentalCancelled', 'RentalMoved', 'RentalExpired', 'RentalFailed')
            """),
        ("events are numbered without a gap",
            """
            SELECT first_seq, last_seq FROM event_counter
            WHERE (SELECT count(*) FROM event_numbers JOIN events ON id = event_id WHERE seq BETWEEN first_seq AND last_seq) <> last_seq - first_seq + 1
            """),
        ("no event has a number that was not assigned, and only the last deleted one keeps its own",
            "SELECT seq FROM event_numbers, event_counter WHERE seq NOT BETWEEN first_seq - 1 AND last_seq"),
        ("an event has exactly one number, or waits for one",
            """
            SELECT events.id FROM events LEFT JOIN (
                SELECT event_id FROM event_numbers UNION ALL SELECT unnest(event_ids) FROM events_waiting) AS known ON known.event_id = events.id
            GROUP BY events.id HAVING count(known.event_id) <> 1
            """),
        ("the last event of a node has its state, except for the columns that change with every report",
            """
            SELECT node.id FROM nodes AS node
            JOIN (SELECT max(id) AS id, node_id FROM events WHERE kind = 'NODE' GROUP BY node_id) AS last ON last.node_id = node.id
            JOIN events AS event ON event.id = last.id
            WHERE to_jsonb(node) - moving <> event.state::jsonb - 'farm' - moving
              -- A column that a migration has added since is not in the event.
              AND EXISTS (SELECT FROM jsonb_each(event.state::jsonb - 'farm' - moving) AS was WHERE to_jsonb(node) -> was.key IS DISTINCT FROM was.value)
            """.Replace("moving", "ARRAY['capacity_as_of', 'last_report_at', 'uptime_seconds', 'sync_sequence', 'missed_passes']", StringComparison.Ordinal)),
        ("the last event of a rental has its state",
            """
            SELECT rental.id FROM rentals AS rental
            JOIN (SELECT max(id) AS id, rental_id FROM events WHERE kind = 'RENTAL' GROUP BY rental_id) AS last ON last.rental_id = rental.id
            JOIN events AS event ON event.id = last.id
            WHERE to_jsonb(rental) <> event.state::jsonb
              -- What was posted of it, when its renewal is tried again, and the hours of a metered rental are no events.
              AND EXISTS (
                  SELECT FROM jsonb_each(event.state::jsonb - ARRAY['earned', 'fee_earned', 'earned_until', 'renews_at'] - CASE rental.billing
                      WHEN 'Metered' THEN ARRAY['ends_at', 'paid', 'extras_paid', 'billed_public_ip_hours', 'billed_traffic_gib'] ELSE '{}' END) AS was
                  WHERE to_jsonb(rental) -> was.key IS DISTINCT FROM was.value)
            """),
        ("the market holds what is for sale, row by row",
            """
            SELECT coalesce(sale.id, shown.id) FROM slice_combinations_for_sale AS sale FULL JOIN slice_combinations AS shown ON shown.id = sale.id
            WHERE shown IS DISTINCT FROM sale
            """),
        ("what is for sale follows from the nodes, by an independent formula",
            """
            SELECT node.id, times FROM nodes AS node
            CROSS JOIN unnest(ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) AS times
            LEFT JOIN slice_combinations AS combination ON combination.id = node.id * 1024 + times
            WHERE coalesce(combination.quantity_available, -1) <> CASE
                WHEN NOT is_published OR times > slice_capacity THEN -1
                WHEN is_sellable THEN free_slices / times
                ELSE 0 END
            """),
    ];

    /// <summary>Returns the broken promises, with up to five counterexamples each; empty when everything holds.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        // Recently filled tables have no statistics: a plan for few rows, with nested or merge joins, takes minutes over many.
        await using (var planning = new NpgsqlCommand(
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB'", connection))
            await planning.ExecuteNonQueryAsync();
        var violations = new List<string>();
        foreach ((string promise, string counterExamples) in questions)
        {
            if (await ExamplesAsync(connection, counterExamples) is { Count: > 0 } examples)
                violations.Add($"Broken: {promise}: {string.Join("; ", examples)}");
        }
        return violations;
    }

    /// <exception cref="InvalidOperationException">A promise is broken; the message says which.</exception>
    public static async Task HoldAsync(string connectionString)
    {
        IReadOnlyList<string> violations = await ViolationsAsync(connectionString);
        if (violations.Count > 0)
            throw new InvalidOperationException(string.Join('\n', violations));
    }

    private static async Task<List<string>> ExamplesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql + "\nLIMIT 5", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        var examples = new List<string>();
        while (await rows.ReadAsync())
            examples.Add(string.Join(", ", Enumerable.Range(0, rows.FieldCount).Select(column => rows.GetValue(column))));
        return examples;
    }
}
