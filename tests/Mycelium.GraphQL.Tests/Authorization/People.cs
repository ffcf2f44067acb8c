using System.Text.Json;
using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Partners;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// The callers of the matrix and the objects that they request: a rental of the renter on a node of the farmer, and callers who own neither.
/// </summary>
internal sealed class People
{
    private static long lastNumber = 970_000;

    private People(IReadOnlyDictionary<string, Api> callers, IReadOnlyDictionary<string, string> values) => (Callers, Values) = (callers, values);

    /// <summary>Callers by the column names of the matrix.</summary>
    public IReadOnlyDictionary<string, Api> Callers { get; }

    /// <summary>The values to substitute for <c>$name</c> in a query.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    public static async Task<People> CreateAsync(ApiHost host)
    {
        long node = await host.PublishAsync(slices: 64);
        Api renter = await host.RenterAsync(), otherFarmer = await host.RenterAsync(dollars: 0), otherRenter = await host.RenterAsync(dollars: 0);
        string rental = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString()!;
        string ended = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString()!;
        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = ended, idempotencyKey = host.NewKey() }));

        string reservation = (await renter.MutateAsync(
            "reserveSlices", new { sliceCombinationId = ApiHost.Combination(node), idempotencyKey = host.NewKey() },
            "... on SlicesReserved { reservation { id } }"))
            .GetProperty("reservation").GetProperty("id").GetString()!;
        Refusal.AssertNone("ReservationReleased", await renter.MutateAsync("releaseReservation", new { reservationId = reservation }));

        await renter.MutateAsync("renameRental", new { rentalId = rental, name = "web-1" });

        long otherFarm = Interlocked.Increment(ref lastNumber), otherTwin = Interlocked.Increment(ref lastNumber);
        await host.AddFarmAsync("main", otherFarm, otherTwin);
        Refusal.AssertNone(
            "FarmerTwinLinked", await host.Operator.MutateAsync(
                "linkFarmerTwin", new { grid = "main", twinId = otherTwin, accountId = await ApiHost.GlobalIdAsync(otherFarmer) }));
        await host.SqlAsync(
            """
            INSERT INTO grid_flaws (grid_number, grid, subject, grid_id, field, reason, message, first_seen_at, last_seen_at)
            SELECT number, name, 'Node', 575, 'location.longitude', 'ImpossibleMeasure', 'The measure is off the globe.', now(), now()
            FROM grids WHERE name = 'main' ON CONFLICT DO NOTHING
            """);

        string notification = await NotifyAsync(host, renter, rental);
        string name = await NameAsync(host, renter, "Active"), releasedName = await NameAsync(host, renter, "Released");

        JsonElement found = await host.Anyone.DataAsync(
            "{ sliceCombinations(first: 1, where: { gpuCount: { gt: 0 }, quantityAvailable: { gt: 0 } }) { nodes { id gridNode { gridId grid } } } }");
        JsonElement offered = found.GetProperty("sliceCombinations").GetProperty("nodes")[0];
        JsonElement offeredNode = offered.GetProperty("gridNode");
        string farm = GlobalId.Encode("Farm", FarmId.Of(await host.NumberOfAsync("main"), ApiHost.OwnFarm).Value);
        var callers = new Dictionary<string, Api>
        {
            ["anonymous"] = host.Anyone,
            ["renter"] = renter,
            ["other renter"] = otherRenter,
            ["farmer"] = host.Farmer,
            ["other farmer"] = otherFarmer,
            ["partner"] = await host.PartnerAsync(),
            ["operator"] = host.Operator,
        };
        foreach (Api caller in callers.Values.Where(caller => caller != host.Anyone)) // Each has one, or the most that it may have.
            await caller.MutateAsync("reserveSlices", new { sliceCombinationId = ApiHost.Combination(node), minutes = 30, idempotencyKey = host.NewKey() });
        return new(
            callers,
            new Dictionary<string, string>
            {
                ["node"] = FormattableString.Invariant($"{node}"),
                ["offeredNode"] = $"gridId: {offeredNode.GetProperty("gridId").GetRawText()}, grid: {offeredNode.GetProperty("grid").GetRawText()}",
                ["offered"] = offered.GetProperty("id").GetString()!,
                ["ownNode"] = ApiHost.Node(node),
                ["ownFarm"] = FormattableString.Invariant($"{ApiHost.OwnFarm}"),
                ["farm"] = farm,
                ["combination"] = ApiHost.Combination(node),
                ["rental"] = rental,
                ["ended"] = ended,
                ["reservation"] = reservation,
                ["notification"] = notification,
                ["name"] = name,
                ["releasedName"] = releasedName,
                ["renter"] = await ApiHost.GlobalIdAsync(renter),
                ["renterEmail"] = (await renter.DataAsync("{ me { email } }")).GetProperty("me").GetProperty("email").GetString()!,
                ["farmer"] = await ApiHost.GlobalIdAsync(host.Farmer),
                ["otherRenter"] = await ApiHost.GlobalIdAsync(otherRenter),
                ["ownTwin"] = FormattableString.Invariant($"{ApiHost.OwnFarm + 1}"),
                ["sshKey"] = Renting.SshKey,
            });
    }

    /// <summary>Writes a name of the renter that leads nowhere; returns its ID.</summary>
    private static async Task<string> NameAsync(ApiHost host, Api renter, string status)
    {
        var id = Guid.CreateVersion7(A.Noon);
        await host.SqlAsync(
            """
            INSERT INTO reserved_names (
                id, grid, name, account_id, price_per_hour, status, created_at, paid_until, route_version, route_done, released_at, release_reason)
            SELECT $1, 'main', left('name-' || $1, 40), $2, 0, $3, now(), now() + interval '1 day', 1, 1, CASE $3 WHEN 'Released' THEN now() END,
                   CASE $3 WHEN 'Released' THEN 'ReleasedByHolder' END
            """,
            id, (await ApiHost.AccountIdAsync(renter)).Value, status);
        return GlobalId.Encode("ReservedName", id);
    }

    /// <summary>Writes a notification of the renter with everything that one can have; returns its ID.</summary>
    private static async Task<string> NotifyAsync(ApiHost host, Api renter, string rental)
    {
        Assert.True(GlobalId.TryDecode(rental, out _, out string rentalId));
        var id = Guid.CreateVersion7(A.Noon);
        await host.SqlAsync(
            """
            INSERT INTO notifications (id, account_id, kind, rental_id, node_id, amount, effective_at, key, read_at)
            SELECT $1, $2, 'RentalRenewed', id, node_id, 1, ends_at, 'test', now() FROM rentals WHERE id = $3
            """,
            id, (await ApiHost.AccountIdAsync(renter)).Value, Guid.Parse(rentalId));
        return GlobalId.Encode("Notification", id);
    }
}
