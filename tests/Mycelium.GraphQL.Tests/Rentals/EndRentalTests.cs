using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class EndRentalTests(ApiHost host)
{
    private static Task<JsonElement> EndAsync(Api caller, string? rentalId, string reason = "The machine is being replaced.") =>
        caller.MutateAsync("endRental", new { rentalId, reason }, "... on RentalWithdrawn { rentalId endedAt refund penalty }");

    [Theory]
    [InlineData(true, "CANCELLED_BY_FARMER")]
    [InlineData(false, "CANCELLED_BY_OPERATOR")]
    public async Task The_unused_time_comes_back_whole_and_the_renter_is_told_why(bool isFarmer, string endReason)
    {
        Api renter = await host.RenterAsync(dollars: 200);
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync(), term: new { months = 12 }))).GetProperty("id").GetString();

        JsonElement ended = Refusal.AssertNone("RentalWithdrawn", await EndAsync(isFarmer ? host.Farmer : host.Operator, id));

        JsonElement seen = await renter.DataAsync(
            """
            query($id: ID!) {
              rental(id: $id) { status endReason endMessage paid refunded penaltyPercent }
              notifications(first: 1, where: { kind: { eq: RENTAL_ENDED } }) { nodes { message amount } }
            }
            """, new { id });
        JsonElement rental = seen.GetProperty("rental");
        Assert.Equal(("CANCELLED", endReason), (rental.GetProperty("status").GetString(), rental.GetProperty("endReason").GetString()));
        decimal refund = ended.GetProperty("refund").GetDollars();
        Assert.InRange(rental.GetProperty("paid").GetDollars() - refund, 0m, 0.001m); // No first hour, and the year's discount stays.
        Assert.Equal(10, rental.GetProperty("penaltyPercent").GetDouble());
        Assert.Equal(decimal.Round(refund / 10, 6, MidpointRounding.ToZero), ended.GetProperty("penalty").GetDollars());
        JsonElement told = seen.GetProperty("notifications").GetProperty("nodes")[0];
        Assert.Contains("The machine is being replaced.", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(refund, told.GetProperty("amount").GetDollars());
        Refusal.AssertIs("RentalAlreadyEnded", await EndAsync(host.Operator, id));
        JsonElement audit = await host.Operator.DataAsync(
            "{ auditEntries(first: 1, where: { action: { eq: RENTAL_ENDED } }, order: [{ id: DESC }]) { nodes { subject after } } }");
        Assert.Equal("RENTAL", audit.GetProperty("auditEntries").GetProperty("nodes")[0].GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Only_its_farmer_and_operators_end_a_rental_and_never_without_a_reason()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Assert.Equal("FORBIDDEN", await renter.MutationErrorCodeAsync("endRental", new { rentalId = id, reason = "x" }));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("endRental", new { rentalId = id, reason = "x" }));
        Refusal.AssertIs("InvalidInput", await EndAsync(host.Operator, id, ""));
        Refusal.AssertIs("RentalNotFound", await EndAsync(host.Farmer, GlobalId.Encode("Rental", Guid.NewGuid())));
    }
}
