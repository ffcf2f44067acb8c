using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>
/// Brings the gateway of every grid to what its names are to lead to. Any number of replicas may do this at once: each takes names with a lease, and every
/// request may be sent again. A name that fails is tried again, ever more rarely, for ever.
/// </summary>
public sealed partial class KeepRoutes(
    NpgsqlDataSource database, ProvisionerClients clients, IOptions<ProvisioningOptions> options, ILogger<KeepRoutes> logger)
{
    private const int Batch = 50;
    private static readonly TimeSpan delayMax = TimeSpan.FromMinutes(10);

    private const string Take = """
        UPDATE reserved_names SET route_next_at = market_now() + $3, route_tries = least(route_tries + 1, 1000)
        WHERE id = ANY (ARRAY(
            SELECT id FROM reserved_names WHERE grid = $1 AND route_next_at <= (SELECT market_now()) ORDER BY route_next_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING id, name, rental_id, route_version, route_tries
        """;

    private const string Done = """
        UPDATE reserved_names
        SET route_done = $2, route_tries = 0, route_problem = NULL, route_next_at = CASE WHEN route_version > $2 THEN market_now() END
        WHERE id = $1 AND route_version >= $2 AND route_done < $2
        """;

    private const string PutOff =
        "UPDATE reserved_names SET route_next_at = market_now() + $3, route_problem = $4 WHERE id = $1 AND route_version = $2 AND route_done < $2";

    /// <returns>How many routes are as wanted now.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int[] counts = await Task.WhenAll(clients.All.Select(client => ExecuteAsync(client, cancellation))).ConfigureAwait(false);
        return counts.Sum();
    }

    private async Task<int> ExecuteAsync(ProvisionerClient client, CancellationToken cancellation)
    {
        List<Route> taken = await database.UseAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(Take, client.Grid, Batch, options.Value.Lease);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await reader.RowsAsync(
                    row => new Route(
                        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : new RentalId(row.GetGuid(2)), row.GetInt64(3), row.GetInt32(4)),
                    cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        int done = 0;
        foreach (Route route in taken)
            done += await KeepAsync(client, route, cancellation).ConfigureAwait(false) ? 1 : 0;
        return done;
    }

    private async Task<bool> KeepAsync(ProvisionerClient client, Route route, CancellationToken cancellation)
    {
        try
        {
            if (route.RentalId is { } rental)
                await client.PutRouteAsync(route.Name, rental, route.Version, cancellation).ConfigureAwait(false);
            else
                await client.DeleteRouteAsync(route.Name, route.Version, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ProvisionerException or ProvisionerRefusedException)
        {
            LogPutOff(route.Name, client.Grid, route.Tries, failure.Message);
            TimeSpan delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(route.Tries - 1, 10));
            string problem = failure.Message.Length <= 500 ? failure.Message : failure.Message[..500];
            await WriteAsync(PutOff, [route.Id, route.Version, delay < delayMax ? delay : delayMax, problem], cancellation).ConfigureAwait(false);
            return false;
        }
        await WriteAsync(Done, [route.Id, route.Version], cancellation).ConfigureAwait(false);
        return true;
    }

    private Task<bool> WriteAsync(string sql, object[] values, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await connection.Send(sql, values).RunAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    private sealed record Route(Guid Id, string Name, RentalId? RentalId, long Version, int Tries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The route {Name} of grid {Grid} is not as wanted after try {Tries}: {Message}")]
    private partial void LogPutOff(string name, string grid, int tries, string message);
}

/// <summary>Keeps the gateways' routes.</summary>
public sealed class RoutesJob(KeepRoutes routes, IOptions<ProvisioningOptions> options, JobRuns runs, TimeProvider clock, ILogger<RoutesJob> logger)
    : PeriodicJob("keep_routes", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    protected override Task RunAsync(CancellationToken cancellation) => routes.Execute(cancellation);
}
