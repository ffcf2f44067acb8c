using System.Diagnostics;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// The least that a database could write for the same: plain tables with the same keys and as many rows, no constraint beyond them, no trigger, and one
/// statement for everything.
/// </summary>
internal sealed class PlainBooks(NpgsqlDataSource database)
{
    private const string Create = """
        CREATE TABLE rentals (id uuid PRIMARY KEY, renter_id bigint, node_id bigint, status text, ends_at timestamptz, ended_at timestamptz, paid bigint);
        CREATE INDEX ON rentals (ends_at) WHERE status = 'Active';
        CREATE INDEX ON rentals (renter_id);
        CREATE TABLE slices (node_id bigint, slice_index integer, rental_id uuid, PRIMARY KEY (node_id, slice_index));
        CREATE INDEX ON slices (rental_id);
        CREATE TABLE nodes (id bigint PRIMARY KEY, allocated integer);
        CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rental_id uuid, state text);
        CREATE TABLE timeline (rental_id uuid, number integer, state text, PRIMARY KEY (rental_id, number));
        CREATE TABLE segments (rental_id uuid, number integer, ends_at timestamptz, paid bigint, PRIMARY KEY (rental_id, number));
        CREATE TABLE entries (id uuid PRIMARY KEY, kind text, subject_id uuid);
        CREATE TABLE postings (entry_id uuid, account_id bigint, amount bigint, PRIMARY KEY (entry_id, account_id));
        """;

    private const string Fill = """
        TRUNCATE rentals, slices, nodes, events, timeline, segments, entries, postings;
        INSERT INTO rentals
        SELECT md5(number::text)::uuid, number % 1000, number / 8, 'Active', '2026-01-01', NULL, 15000 FROM generate_series(0, 9999) AS number;
        INSERT INTO slices SELECT node_id, row_number() OVER (PARTITION BY node_id), id FROM rentals;
        INSERT INTO nodes SELECT number, 8 FROM generate_series(0, 1249) AS number;
        INSERT INTO segments SELECT id, 1, ends_at, paid FROM rentals;
        VACUUM ANALYZE;
        """;

    private const string EndAll = """
        WITH ended AS (UPDATE rentals SET status = 'Expired', ended_at = ends_at WHERE status = 'Active' AND ends_at <= '2026-01-01' RETURNING *),
             freed AS (DELETE FROM slices USING ended WHERE slices.rental_id = ended.id),
             counted AS (UPDATE nodes SET allocated = allocated - ended.slices FROM (SELECT node_id, count(*) AS slices FROM ended GROUP BY node_id) AS ended
                         WHERE nodes.id = ended.node_id),
             told AS (INSERT INTO events (rental_id, state) SELECT id, repeat('x', 700) FROM ended),
             noted AS (INSERT INTO timeline SELECT id, 2, repeat('x', 100) FROM ended),
             entry AS (INSERT INTO entries SELECT md5('end' || id)::uuid, 'RentalSettlement', id FROM ended)
        INSERT INTO postings
        SELECT md5('end' || id)::uuid, side, CASE side WHEN -1 THEN -paid ELSE paid END FROM ended CROSS JOIN (VALUES (-1), (-2)) AS sides (side)
        """;

    private const string BillAll = """
        WITH billed AS (UPDATE rentals SET ends_at = ends_at + interval '1 hour', paid = paid + 15000 WHERE status = 'Active' RETURNING *),
             grown AS (UPDATE segments SET ends_at = segments.ends_at + interval '1 hour', paid = segments.paid + 15000
                       FROM billed WHERE segments.rental_id = billed.id),
             wallet AS (SELECT renter_id, count(*) * 15000 AS amount, gen_random_uuid() AS entry_id FROM billed GROUP BY renter_id),
             entry AS (INSERT INTO entries (id, kind) SELECT entry_id, 'MeteredCharge' FROM wallet),
             told AS (INSERT INTO events (rental_id, state) SELECT entry_id, repeat('x', 300) FROM wallet)
        INSERT INTO postings
        SELECT entry_id, side, CASE side WHEN -1 THEN amount ELSE -amount END FROM wallet CROSS JOIN LATERAL (VALUES (-1), (renter_id)) AS sides (side)
        """;

    public static async Task<PlainBooks> CreateAsync(string connectionString)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        await database.RunAsync(Create);
        return new PlainBooks(database);
    }

    public Task<double> EndAllAsync() => TimeAsync(EndAll);

    public Task<double> BillAllAsync() => TimeAsync(BillAll);

    private async Task<double> TimeAsync(string sql)
    {
        foreach (string statement in Fill.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            await database.RunAsync(statement);
        long from = Stopwatch.GetTimestamp();
        await database.RunAsync(sql);
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
