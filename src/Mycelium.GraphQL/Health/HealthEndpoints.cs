using System.Text.Json.Serialization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;

namespace Mycelium.GraphQL.Health;

/// <summary>
/// <c>/health/live</c>: the process responds. It checks no store, so that a database outage does not restart every replica.
/// <c>/health/ready</c>: whether this replica can serve; <c>Degraded</c> still serves. Everyone sees the status; only operators and the
/// management port see the details.
/// </summary>
public static class HealthEndpoints
{
    public static void MapHealth(this WebApplication endpoints)
    {
        HealthSettings settings = ManagementPort.SettingsOf(endpoints.Configuration);
        endpoints.MapGet("/health/live", () => Results.Json(new { status = "ok" }));
        endpoints.MapGet("/health/ready", async (HttpContext context, Readiness readiness, CancellationToken cancellation) =>
        {
            ReadinessReport report = await readiness.ReadAsync(cancellation);
            bool isShown = context.IsManagement(settings) || context.User.IsInRole(Roles.Operator);
            return Results.Json<object>(
                isShown ? report : new ReadinessStatusAlone(report.Status),
                statusCode: report.Status == ReadinessStatus.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<ReadinessStatus>))]
public enum ReadinessStatus { Ok, Degraded, Unavailable }

/// <summary>What everyone sees.</summary>
public sealed record ReadinessStatusAlone(ReadinessStatus Status);

/// <param name="Status">Ok, Degraded (the replica serves, but something needs attention) or Unavailable.</param>
/// <param name="Database">The state of the database, without its address.</param>
/// <param name="Turns">How the turns of nodes are coordinated: <c>redlock</c>, <c>db_only</c> or <c>in_process</c>.</param>
/// <param name="EventsReadSecondsAgo">Seconds since this replica last read the table of events; null before the first time.</param>
/// <param name="RestoredAt">When this replica last noticed, since it started, that the database had been restored to an earlier time; null if never.</param>
/// <param name="Grids">
/// How old the data of each grid is. A grid that is behind does not change the status: its stored data is served, with its age. A shrink
/// that an operator has not confirmed does.
/// </param>
/// <param name="Jobs">The periodic jobs of this replica. A failed job does not change the status: it runs again.</param>
public sealed record ReadinessReport(
    ReadinessStatus Status, string Database, string Turns, double? EventsReadSecondsAgo, DateTimeOffset? RestoredAt, IReadOnlyList<GridReadiness> Grids,
    IReadOnlyList<JobReadiness> Jobs);

/// <param name="Name">The job's name in metrics and in the log.</param>
/// <param name="SucceededSecondsAgo">Seconds since the last successful run; null before the first.</param>
/// <param name="HasFailed">Whether the last run failed; the log has the reason.</param>
public sealed record JobReadiness(string Name, double? SucceededSecondsAgo, bool HasFailed);

/// <param name="Name">The grid's name.</param>
/// <param name="ReadSecondsAgo">Seconds since the last complete pass over the grid by any replica; null before the first.</param>
/// <param name="Error">Why the last pass was incomplete; null if it was complete.</param>
/// <param name="Shrink">
/// Set if more than half of the grid's nodes are missing at once. Until an operator confirms it (<c>confirmGridShrink</c>), the replica is
/// Degraded.
/// </param>
public sealed record GridReadiness(string Name, double? ReadSecondsAgo, string? Error, GridShrink? Shrink);
