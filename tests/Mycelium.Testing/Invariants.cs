using Npgsql;

namespace Mycelium.Testing;

/// <summary>
/// What must hold in the database at every instant, whatever happened before: read in one snapshot, so it may be asked while others write. Each question
/// returns the counterexamples.
/// </summary>
public static class Invariants
{
    private static readonly (string Promise, string CounterExamples)[] questions =
    [
        ("a node has more rented than it holds only after it shrank",
            """
            SELECT id FROM nodes WHERE allocated_slices > slice_capacity
            AND NOT EXISTS (SELECT FROM events WHERE node_id = nodes.id AND kind = 'NODE' AND previous::json -> 'slice_capacity' IS NOT NULL)
            """),
        ("what a node has rented is the sum of its active rentals",
            """
            SELECT node.id FROM nodes AS node
            WHERE allocated_slices <> (SELECT coalesce(sum(slice_total), 0) FROM rentals WHERE node_id = node.id AND status = 'Active')
            """),
        ("an active rental holds exactly its slices, an ended one none",
            """
            SELECT rental.id FROM rentals AS rental
            WHERE (SELECT count(*) FROM slices WHERE rental_id = rental.id) <> CASE status WHEN 'Active' THEN slice_total ELSE 0 END
            """),
        ("a rental was asked for under one key",
            """
            SELECT rental.id FROM rentals AS rental
            WHERE starts_at > now() - interval '72 hours'
              AND 1 <> (SELECT count(*) FROM idempotency_keys WHERE account_id = rental.renter_id AND operation = 'rentSlices' AND answer ->> 'rental_id' = rental.id::text)
            """),
        ("an answer that was given stands for a rental",
            """
            SELECT key FROM idempotency_keys WHERE operation IN ('rentSlices', 'cancelRental')
            AND NOT EXISTS (SELECT FROM rentals WHERE id = (answer ->> 'rental_id')::uuid AND renter_id = account_id)
            """),
        ("every ledger entry sums to zero", "SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount) <> 0"),
        ("no ledger entry is empty", "SELECT id FROM ledger_entries WHERE NOT EXISTS (SELECT FROM ledger_postings WHERE entry_id = id)"),
        ("a wallet's running balance is the sum of its postings, never negative, without a gap",
            """
            SELECT account_id FROM (
                SELECT account_id, sequence, balance_after, sum(amount) OVER wallet AS replayed, row_number() OVER wallet AS position
                FROM ledger_postings WHERE account_id IN (SELECT id FROM ledger_accounts WHERE kind = 'Wallet')
                WINDOW wallet AS (PARTITION BY account_id ORDER BY sequence)) AS posting
            WHERE balance_after IS DISTINCT FROM replayed OR balance_after < 0 OR sequence IS DISTINCT FROM position
            """),
        ("escrow holds what active rentals have paid",
            """
            SELECT held, paid FROM
                (SELECT coalesce(sum(amount), 0) AS held FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id WHERE account.kind = 'Escrow') AS escrow,
                (SELECT coalesce(sum(paid), 0) AS paid FROM rentals WHERE status = 'Active') AS rented
            WHERE held <> paid
            """),
        ("a rental was charged what it says, and settled when it ended",
            """
            SELECT rental.id FROM rentals AS rental
            WHERE paid <> (SELECT coalesce(sum(posting.amount), 0) FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id
                           WHERE entry.rental_id = rental.id AND entry.kind = 'RentalCharge' AND posting.amount > 0)
               OR (status <> 'Active') <> EXISTS (SELECT FROM ledger_entries WHERE rental_id = rental.id AND kind = 'RentalSettlement')
            """),
        ("every beginning and every end of a rental was told once",
            """
            SELECT rental.id FROM rentals AS rental
            WHERE (SELECT array_agg(reason ORDER BY id) FROM events WHERE kind = 'RENTAL' AND rental_id = rental.id)
                <> CASE status WHEN 'Active' THEN ARRAY['RentalStarted'] ELSE ARRAY['RentalStarted', 'Rental' || status] END
            """),
        ("events are numbered without a gap",
            "SELECT first_seq, last_seq FROM event_counter WHERE (SELECT count(*) FROM event_numbers JOIN events ON id = event_id WHERE seq BETWEEN first_seq AND last_seq) <> last_seq - first_seq + 1"),
        ("no event has a number that was not given", "SELECT seq FROM event_numbers, event_counter WHERE seq NOT BETWEEN first_seq AND last_seq"),
        ("an event has a number, or waits for one, and has it once",
            """
            SELECT events.id FROM events LEFT JOIN (
                SELECT event_id FROM event_numbers UNION ALL SELECT unnest(event_ids) FROM events_waiting) AS known ON known.event_id = events.id
            GROUP BY events.id HAVING count(known.event_id) <> 1
            """),
        ("the last event of a node tells its state, but for what moves with every report",
            """
            SELECT node.id FROM nodes AS node
            CROSS JOIN LATERAL (SELECT state FROM events WHERE kind = 'NODE' AND node_id = node.id ORDER BY id DESC LIMIT 1) AS event
            WHERE to_jsonb(node) - moving <> state::jsonb - 'farm' - moving
            """.Replace("moving", "ARRAY['capacity_as_of', 'last_report_at', 'uptime_seconds', 'sync_sequence', 'missed_passes']", StringComparison.Ordinal)),
        ("the last event of a rental tells its state",
            """
            SELECT rental.id FROM rentals AS rental
            CROSS JOIN LATERAL (SELECT state FROM events WHERE kind = 'RENTAL' AND rental_id = rental.id ORDER BY id DESC LIMIT 1) AS event
            WHERE to_jsonb(rental) <> state::jsonb
            """),
        ("what is for rent follows from nodes",
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

    /// <summary>What does not hold, with up to five counterexamples each; empty when all is well.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var violations = new List<string>();
        foreach ((string promise, string counterExamples) in questions)
        {
            if (await ExamplesAsync(connection, counterExamples) is { Count: > 0 } examples)
                violations.Add($"Broken: {promise}: {string.Join("; ", examples)}");
        }
        return violations;
    }

    /// <exception cref="InvalidOperationException">Something does not hold; the message says what.</exception>
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
