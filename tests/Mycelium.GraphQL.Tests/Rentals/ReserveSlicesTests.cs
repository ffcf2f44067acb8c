using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class ReserveSlicesTests(ApiHost host)
{
    private const string Reserved = """
        ... on SlicesReserved { reservation { id multiplier quantity sliceTotal expiresAt gridNode { freeSlices reservedSlices allocatedSlices } } }
        ... on ReservationLimitReached { reservations reservationsMax slices slicesMax retryAt }
        """;

    private Task<JsonElement> ReserveAsync(Api renter, long node, int quantity = 1, int multiplier = 1, int? minutes = null, string? key = null) =>
        renter.MutateAsync(
            "reserveSlices",
            new { sliceCombinationId = ApiHost.Combination(node, multiplier), quantity, minutes, idempotencyKey = key ?? host.NewKey() }, Reserved);

    private async Task<string> ReservedAsync(Api renter, long node, int quantity = 1) =>
        Refusal.AssertNone("SlicesReserved", await ReserveAsync(renter, node, quantity)).GetProperty("reservation").GetProperty("id").GetString()!;

    [Fact]
    public async Task Held_slices_show_as_reserved_are_nobody_elses_and_are_rented_with_the_reservation()
    {
        long node = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync();

        JsonElement reservation = Refusal.AssertNone("SlicesReserved", await ReserveAsync(renter, node, quantity: 3)).GetProperty("reservation");
        Refusal.AssertIs("NotEnoughSlices", await (await host.RenterAsync()).MutateAsync("rentSlices", host.Input(node, quantity: 2)));
        JsonElement mine = await renter.DataAsync("{ reservations { id sliceCombinationId } }");
        Dictionary<string, object?> input = host.Input(node, quantity: 3);
        input["reservationId"] = reservation.GetProperty("id").GetString();
        JsonElement rental = await renter.RentAsync(input);

        JsonElement gridNode = reservation.GetProperty("gridNode");
        Assert.Equal(
            (1, 3, 3),
            (gridNode.GetProperty("freeSlices").GetInt32(), gridNode.GetProperty("reservedSlices").GetInt32(),
                gridNode.GetProperty("allocatedSlices").GetInt32()));
        Assert.Equal(ApiHost.Combination(node, 1), mine.GetProperty("reservations")[0].GetProperty("sliceCombinationId").GetString());
        Assert.Equal(3, rental.GetProperty("sliceTotal").GetInt32());
        Assert.Equal(
            "[0,1,2]",
            (await renter.DataAsync("query($id: ID!) { rental(id: $id) { sliceNumbers } }", new { id = rental.GetProperty("id").GetString() }))
                .GetProperty("rental").GetProperty("sliceNumbers").GetRawText());
        Assert.Equal(0, (await renter.DataAsync("{ reservations { id } }")).GetProperty("reservations").GetArrayLength());
        Assert.Equal("RENTED", (await renter.DataAsync(
            "query($id: ID!) { node(id: $id) { ... on Reservation { endReason } } }", new { id = reservation.GetProperty("id").GetString() }))
            .GetProperty("node").GetProperty("endReason").GetString());
    }

    [Fact]
    public async Task Every_reason_not_to_hold_is_an_answer()
    {
        long node = await host.PublishAsync(slices: 40);
        long published = await host.PublishAsync(slices: 2);
        Api renter = await host.RenterAsync();
        string key = host.NewKey();

        Refusal.AssertIs("InvalidHoldTime", await ReserveAsync(renter, node, minutes: 31));
        Refusal.AssertIs("InvalidQuantity", await ReserveAsync(renter, node, quantity: 0));
        Refusal.AssertIs("NotEnoughSlices", await ReserveAsync(renter, published, quantity: 3));
        Refusal.AssertIs("SliceCombinationNotFound", await ReserveAsync(renter, 999_999_999));
        await host.Farmer.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(published) });
        Refusal.AssertIs("NodeUnavailable", await ReserveAsync(renter, published));
        Refusal.AssertNone("SlicesReserved", await ReserveAsync(renter, node, key: key));
        Refusal.AssertNone("SlicesReserved", await ReserveAsync(renter, node, key: key));
        Refusal.AssertIs("IdempotencyKeyReused", await ReserveAsync(renter, node, quantity: 2, key: key));
        JsonElement limit = await ReserveAsync(renter, node, quantity: 32);
        Refusal.AssertIs("ReservationLimitReached", limit);
        Assert.Equal((1, 3, 1, 32), (
            limit.GetProperty("reservations").GetInt32(), limit.GetProperty("reservationsMax").GetInt32(),
            limit.GetProperty("slices").GetInt32(), limit.GetProperty("slicesMax").GetInt32()));
    }

    [Fact]
    public async Task A_reservation_is_its_accounts_alone_and_for_what_it_holds()
    {
        long node = await host.PublishAsync(slices: 8);
        Api renter = await host.RenterAsync();
        Api other = await host.RenterAsync();
        string reservation = await ReservedAsync(renter, node);

        Dictionary<string, object?> input = host.Input(node);
        input["reservationId"] = reservation;
        Refusal.AssertIs("ReservationNotFound", await other.MutateAsync("rentSlices", input));
        Refusal.AssertIs("ReservationNotFound", await other.MutateAsync("releaseReservation", new { reservationId = reservation }));
        Assert.Equal(JsonValueKind.Null, (await other.DataAsync(
            "query($id: ID!) { node(id: $id) { __typename } }", new { id = reservation })).GetProperty("node").ValueKind);
        input["quantity"] = 2;
        Refusal.AssertIs("ReservationMismatch", await renter.MutateAsync("rentSlices", input));
    }

    [Fact]
    public async Task Only_signed_in_callers_hold() => Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
        "reserveSlices", new { sliceCombinationId = ApiHost.Combination(1, 1), idempotencyKey = host.NewKey() }));
}
