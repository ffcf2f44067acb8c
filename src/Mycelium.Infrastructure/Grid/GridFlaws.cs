using System.Text.Json;
using Mycelium.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Grid;

/// <summary>What one pass did not believe, up to a bound: enough for an operator to see what kind of nonsense it is. Metrics count all of it.</summary>
internal sealed class GridFlaws
{
    /// <summary>
    /// Of one grid. A grid of 10,000 nodes that is wrong in every record would otherwise store as many rows for each field, which no operator would read.
    /// </summary>
    public const int CountMax = 1_000;

    private readonly Dictionary<(GridFlawSubject, long, string), FlawSeen> seen = [];

    /// <summary>Of a field that is wrong twice, the first.</summary>
    public void Add(IEnumerable<FlawSeen> flaws)
    {
        foreach (FlawSeen flaw in flaws)
        {
            if (seen.Count >= CountMax)
                return;
            seen.TryAdd((flaw.Subject, flaw.Id, flaw.Field), flaw);
        }
    }

    /// <summary>New flaws are added, and a row is written again only when it differs or looks older than <paramref name="freshnessStep"/>.</summary>
    /// <param name="isComplete">Whether the pass saw everything, so that what it did not see no longer exists.</param>
    public Task<int> WriteAsync(NpgsqlConnection connection, GridMoment moment, TimeSpan freshnessStep, bool isComplete, CancellationToken cancellation)
    {
        var rows = seen.Values.OrderBy(flaw => flaw.Subject).ThenBy(flaw => flaw.Id).ThenBy(flaw => flaw.Field, StringComparer.Ordinal)
            .Select(flaw => new
            {
                subject = flaw.Subject.ToString(),
                grid_id = flaw.Id,
                field = flaw.Field,
                reason = flaw.Reason.ToString(),
                message = flaw.Message,
            });
        return RunAsync(connection, moment, JsonSerializer.Serialize(rows), freshnessStep, isComplete, cancellation);
    }

    private static async Task<int> RunAsync(
        NpgsqlConnection connection, GridMoment moment, string rows, TimeSpan freshnessStep, bool isComplete, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(
            """
            DELETE FROM grid_flaws AS known WHERE grid_number = $1 AND $3 AND NOT EXISTS (
                SELECT FROM jsonb_to_recordset($2) AS seen (subject text, grid_id bigint, field text)
                WHERE seen.subject = known.subject AND seen.grid_id = known.grid_id AND seen.field = known.field)
            """,
            moment.Grid.Number.Value, Statements.Json(rows), isComplete)
            .Then(
                """
                INSERT INTO grid_flaws (grid_number, grid, subject, grid_id, field, reason, message, first_seen_at, last_seen_at)
                SELECT $1, $2, seen.subject, seen.grid_id, seen.field, seen.reason, seen.message, $4, $4
                FROM (SELECT seen.*, known.id IS NOT NULL AS is_known,
                          count(*) FILTER (WHERE known.id IS NULL) OVER (ORDER BY seen.subject, seen.grid_id, seen.field) AS new_count
                      FROM jsonb_to_recordset($3) AS seen (subject text, grid_id bigint, field text, reason text, message text)
                      LEFT JOIN grid_flaws AS known ON known.grid_number = $1 AND known.subject = seen.subject AND known.grid_id = seen.grid_id
                          AND known.field = seen.field) AS seen
                WHERE is_known OR new_count <= $6 - (SELECT count(*) FROM grid_flaws WHERE grid_number = $1)
                ON CONFLICT (grid_number, subject, grid_id, field)
                DO UPDATE SET reason = excluded.reason, message = excluded.message, last_seen_at = excluded.last_seen_at
                WHERE (grid_flaws.reason, grid_flaws.message) <> (excluded.reason, excluded.message) OR grid_flaws.last_seen_at <= $4 - $5
                """,
                moment.Grid.Number.Value, moment.Grid.Name, Statements.Json(rows), moment.At, freshnessStep, CountMax);
        return await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
