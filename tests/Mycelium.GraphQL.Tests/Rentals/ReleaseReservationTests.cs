using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class ReleaseReservationTests(ApiHost host)
{
    private static Task<JsonElement> ReleaseAsync(Api renter, string? reservationId) =>
        renter.MutateAsync("releaseReservation", new { reservationId }, "... on ReservationReleased { reservation { endReason gridNode { freeSlices } } }");

    [Fact]
    public async Task Held_slices_are_free_again_once()
    {
        long node = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync();
        string? id = (await renter.MutateAsync(
            "reserveSlices", new { sliceCombinationId = ApiHost.Combination(node, 2), idempotencyKey = host.NewKey() },
            "... on SlicesReserved { reservation { id } }"))
            .GetProperty("reservation").GetProperty("id").GetString();

        JsonElement released = Refusal.AssertNone("ReservationReleased", await ReleaseAsync(renter, id)).GetProperty("reservation");

        Assert.Equal(("RELEASED", 4), (released.GetProperty("endReason").GetString(), released.GetProperty("gridNode").GetProperty("freeSlices").GetInt32()));
        Refusal.AssertIs("ReservationEnded", await ReleaseAsync(renter, id));
        Refusal.AssertIs("ReservationNotFound", await ReleaseAsync(renter, GlobalId.Encode("Reservation", Guid.NewGuid())));
    }

    [Fact]
    public async Task Only_signed_in_callers_release() => Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
        "releaseReservation", new { reservationId = GlobalId.Encode("Reservation", Guid.NewGuid()) }));
}
