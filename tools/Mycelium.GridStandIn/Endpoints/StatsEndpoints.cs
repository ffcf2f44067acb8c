using System.Collections.Concurrent;
using System.Text.Json;
using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary><c>/stats</c>, <c>/ping</c>, <c>/version</c>, <c>/health</c>.</summary>
internal static class StatsEndpoints
{
    private static readonly string[] Statuses = ["up", "down", "standby"];

    public static void MapStats(this IEndpointRouteBuilder app)
    {
        // Cached, because a fleet does not change by itself, and summing a million nodes takes seconds.
        var known = new ConcurrentDictionary<string, FleetStats>();
        app.MapGet("/stats", (HttpContext context, FleetView fleet) => StatsAsync(context, fleet, known));
        app.MapGet("/ping", (HttpContext context) => Answer(context, ("ping", "pong")));
        app.MapGet("/version", (HttpContext context) => Answer(context, ("version", "stand-in")));
        app.MapGet("/health", (HttpContext context) => Answer(context, ("total_state", "healthy"), ("db_conn", "ok"), ("rmb_conn", "ok")));
    }

    private static Task StatsAsync(HttpContext context, FleetView fleet, ConcurrentDictionary<string, FleetStats> known)
    {
        foreach (string name in context.Request.Query.Keys.Where(name => name != "status"))
            throw new BadQueryException($"unknown parameter \"{name}\"");
        string wanted = context.Request.Query["status"].ToString();
        HashSet<string> statuses = wanted == "" ? [.. Statuses] : Query.WordList(wanted, "status", Statuses);
        FleetStats stats = fleet.IsTrue
            ? known.GetOrAdd(string.Join(',', statuses.Select(status => status.ToUpperInvariant()).Order()), _ => FleetStats.Of(fleet, statuses))
            : FleetStats.Of(fleet, statuses);
        return Json.WriteAsync(context, stats.Write);
    }

    private static Task Answer(HttpContext context, params (string Name, string Value)[] properties) =>
        Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in properties)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        });
}
