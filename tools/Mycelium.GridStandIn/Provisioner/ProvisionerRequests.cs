using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>Answers requests whose signature is right.</summary>
internal sealed class ProvisionerRequests(MachineRegistry machines)
{
    private const int LimitMax = 100;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly ConcurrentDictionary<(string Grid, string Name), Route> routes = [];

    public async Task<ProvisionerAnswer> AnswerAsync(HttpContext context, byte[] body)
    {
        ProvisionerFaults faults = ProvisionerFaults.Of(context);
        string grid = context.Request.PathBase;
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        if (path is ["machines", var id] && Guid.TryParse(id, out Guid rental))
        {
            if (faults.Has("forgets"))
                await machines.ForgetAsync(rental);
            return context.Request.Method switch
            {
                "PUT" => Read<WantedMachine>(body) is { } wanted ? await machines.PutAsync(grid, rental, wanted, faults) : BadRequest(),
                "GET" => machines.Find(grid, rental, faults),
                "DELETE" => Version(context) is { } version ? await machines.DeleteAsync(grid, rental, version, faults) : BadRequest(),
                _ => BadRequest(),
            };
        }
        return (context.Request.Method, path) switch
        {
            ("GET", ["images"]) => new ProvisionerAnswer(StatusCodes.Status200OK, new { images = MachineImages.All }),
            ("GET", ["machines"]) => machines.List(grid, After(context), Limit(context), faults),
            ("PUT", ["routes", var name]) => Read<Route>(body) is { } route ? PutRoute(grid, name, route) : BadRequest(),
            ("DELETE", ["routes", var name]) => Version(context) is { } version ? DeleteRoute(grid, name, version) : BadRequest(),
            ("GET", ["routes"]) => new ProvisionerAnswer(StatusCodes.Status200OK, new
            {
                routes = routes.Where(pair => pair.Key.Grid == grid && !pair.Value.IsDeleted)
                    .Select(pair => new { name = pair.Key.Name, rentalId = pair.Value.RentalId, version = pair.Value.Version }).ToArray(),
            }),
            _ => new ProvisionerAnswer(StatusCodes.Status404NotFound, new { error = "not found" }),
        };
    }

    private ProvisionerAnswer PutRoute(string grid, string name, Route route)
    {
        Route now = routes.AddOrUpdate((grid, name), route, (_, known) => known.Version > route.Version ? known : route);
        return new ProvisionerAnswer(now == route ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict, null);
    }

    /// <summary>What was deleted is remembered, as with machines.</summary>
    private ProvisionerAnswer DeleteRoute(string grid, string name, long version)
    {
        var deleted = new Route(Guid.Empty, version) { IsDeleted = true };
        Route now = routes.AddOrUpdate((grid, name), deleted, (_, known) => known.Version > version ? known : deleted);
        return new ProvisionerAnswer(now == deleted ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict, null);
    }

    private static T? Read<T>(byte[] body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long? Version(HttpContext context) =>
        long.TryParse(context.Request.Query["version"], NumberStyles.None, CultureInfo.InvariantCulture, out long version) && version > 0 ? version : null;

    private static Guid After(HttpContext context) => Guid.TryParse(context.Request.Query["after"], out Guid after) ? after : Guid.Empty;

    private static int Limit(HttpContext context) =>
        int.TryParse(context.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? Math.Clamp(limit, 1, LimitMax) : LimitMax;

    private static ProvisionerAnswer BadRequest() => new(StatusCodes.Status400BadRequest, new { error = "the request is malformed" });

    private sealed record Route(Guid RentalId, long Version)
    {
        public bool IsDeleted { get; init; }
    }
}
