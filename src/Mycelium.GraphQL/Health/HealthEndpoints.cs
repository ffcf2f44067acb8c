using System.Text.Json.Serialization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;

namespace Mycelium.GraphQL.Health;

/// <summary>
/// <c>/health/live</c>: the process answers; it asks no store, so that a dead database does not restart every replica. <c>/health/ready</c>: this replica can serve;
/// <c>degraded</c> still serves. Everybody sees the status; why it is so is for operators and for the management port.
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
            return Results.Json<object>(isShown ? report : new ReadinessStatusAlone(report.Status), statusCode: report.Status == ReadinessStatus.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<ReadinessStatus>))]
public enum ReadinessStatus { Ok, Degraded, Unavailable }

/// <summary>What everybody sees.</summary>
public sealed record ReadinessStatusAlone(ReadinessStatus Status);

/// <param name="Status">Ok, Degraded (serves, without something that it would rather have) or Unavailable.</param>
/// <param name="Database">What the database said, without its address.</param>
/// <param name="Turns">How nodes' turns are taken: <c>redlock</c>, <c>db_only</c> or <c>in_process</c>.</param>
/// <param name="EventsReadSecondsAgo">Since the tail last read the table of events; null before the first time.</param>
/// <param name="RestoredAt">When this replica last found the database put back to an earlier time, since it started; null when it never did.</param>
/// <param name="Grids">How old the picture of each grid is. A grid that is behind changes no status: what is stored is served, and says how old it is. One that shrank and waits for an operator does.</param>
/// <param name="Jobs">The periodic jobs of this replica. One that fails changes no status: it runs again.</param>
public sealed record ReadinessReport(
    ReadinessStatus Status, string Database, string Turns, double? EventsReadSecondsAgo, DateTimeOffset? RestoredAt, IReadOnlyList<GridReadiness> Grids,
    IReadOnlyList<JobReadiness> Jobs);

/// <param name="Name">What the job is called in metrics and in the log.</param>
/// <param name="SucceededSecondsAgo">Since a run last succeeded; null before the first.</param>
/// <param name="HasFailed">Whether the last run failed; the log says why.</param>
public sealed record JobReadiness(string Name, double? SucceededSecondsAgo, bool HasFailed);

/// <param name="Name">The grid's name.</param>
/// <param name="ReadSecondsAgo">Since the last complete pass over the grid, by whichever replica; null before the first.</param>
/// <param name="Error">Why the last pass was not complete, in a sentence of ours; null when it was.</param>
/// <param name="Shrink">More than half of the grid's nodes are missing at once. While that waits for an operator (<c>confirmGridShrink</c>), the replica is degraded; null when not.</param>
public sealed record GridReadiness(string Name, double? ReadSecondsAgo, string? Error, GridShrink? Shrink);
