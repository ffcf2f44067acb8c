using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class HarbourQuery
{
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Ship> GetShips(HarbourDb db) => db.Ships;

    [UsePaging(ConnectionName = "MemoryShips")]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Ship> GetShipsInMemory([Service] IReadOnlyList<Ship> ships) => ships.AsQueryable();

    /// <summary>Its own order applies when the client gives none.</summary>
    [UsePaging(ConnectionName = "Newest", DefaultPageSize = 3, MaxPageSize = 5, IncludeTotalCount = false)]
    [UseSorting]
    public static IQueryable<Ship> GetNewest(HarbourDb db) => db.Ships.OrderByDescending(ship => ship.BuiltAt).ThenBy(ship => ship.Berth!.Name);

    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Ship> GetFleet(HarbourDb db) => db.Ships;

    [UseFirstOrDefault]
    [UseProjection]
    public static IQueryable<Ship> GetShip(HarbourDb db, long number) => db.Ships.Where(ship => ship.Id == new ShipId(number));

    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static Task<Page<Ship>> GetArmed(HarbourDb db, PageQuery<Ship> query, CancellationToken cancellation) =>
        db.Ships.Where(ship => ship.IsArmed).ToPageAsync(query, cancellation);

    [UsePaging]
    public static Task<Page<Ship>?> GetLostShips() => Task.FromResult<Page<Ship>?>(null);

    [UsePaging]
    public static Page<Ship> GetByHand([Service] IReadOnlyList<Ship> ships, PagingArguments paging)
    {
        Ship[] items = [.. ships.Take(paging.First ?? 0)];
        return Page<Ship>.Of(items, hasNextPage: true, hasPreviousPage: false, ship => $"at {Array.IndexOf(items, ship)}", totalCount: 7);
    }

    [UseFiltering(typeof(Ship))]
    public static bool Passes([Service] IReadOnlyList<Ship> ships, FilterPredicate<Ship> where, int number) => where.Matches(ships[number - 1]);

    [UsePaging]
    [UseProjection]
    [UseSorting]
    public static IQueryable<Berth> GetBerths(HarbourDb db) => db.Berths;
}

[ExtendObjectType<Berth>]
public sealed class BerthType
{
    [UsePaging(ConnectionName = "BerthShips", DefaultPageSize = 2)]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static Task<Page<Ship>> GetShips([Parent(nameof(Berth.Id))] Berth berth, ShipsOfBerth ships, ResolverContext context) =>
        ships.LoadAsync(berth.Id, context);
}

/// <summary>A context of its own, since batches of one request may run concurrently.</summary>
public sealed class ShipsOfBerth(Func<HarbourDb> open) : PageDataLoader<long, Ship>
{
    protected override async Task<IReadOnlyDictionary<long, Page<Ship>>> LoadPagesAsync(
        IReadOnlyList<long> keys, PageQuery<Ship> query, CancellationToken cancellation)
    {
        await using HarbourDb db = open();
        return await db.Ships.Where(ship => ship.BerthId != null).ToBatchPageAsync(ship => ship.BerthId!.Value, keys, query, cancellation);
    }
}

[ExtendObjectType<Ship>]
public sealed class ShipType
{
    [BindMember(nameof(Ship.Berth))]
    public static Berth? Mooring([Parent(nameof(Ship.Berth))] Ship ship) => ship.Berth;

    public static string Greeting([Parent(nameof(Ship.Name), nameof(Ship.Crew))] Ship ship) => $"{ship.Name} with {ship.Crew}";
}

public sealed class HarbourFeed
{
    [Subscribe(With = nameof(Sightings))]
    [UseFiltering(typeof(Ship))]
    public static Ship OnShipSeen([EventMessage] Ship ship) => ship;

    public static async IAsyncEnumerable<Ship> Sightings([Service] IReadOnlyList<Ship> ships, FilterPredicate<Ship> where)
    {
        foreach (Ship ship in ships.Where(where.Matches))
            yield return await Task.FromResult(ship);
    }
}
