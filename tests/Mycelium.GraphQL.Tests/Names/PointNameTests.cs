using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Provisioning;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Names;

[Collection(ApiCollection.Name)]
public sealed class PointNameTests(ApiHost host)
{
    [Fact]
    public async Task A_name_outlives_its_rental_leads_nowhere_and_then_to_another()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        string? id = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()))
            .GetProperty("name").GetProperty("id").GetString();

        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() }));
        JsonElement nowhere = await renter.FindAsync(id);
        Refusal.AssertIs("RentalAlreadyEnded", await renter.PointAsync(id, rental));
        string? next = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();
        JsonElement pointed = Refusal.AssertNone("NamePointed", await renter.PointAsync(id, next)).GetProperty("name");
        await Eventually.HoldsAsync(
            async () => (await renter.FindAsync(id)).GetProperty("isRouted").GetBoolean(), "a route", TimeSpan.FromSeconds(30));

        Assert.Equal(("ACTIVE", JsonValueKind.Null), (nowhere.GetProperty("status").GetString(), nowhere.GetProperty("rental").ValueKind));
        Assert.False(nowhere.GetProperty("isRouted").GetBoolean());
        Assert.Equal(next, pointed.GetProperty("rental").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Others_names_and_rentals_are_unknown()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        (Api other, string otherRental) = await provisioned.RentAsync();
        string? id = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()))
            .GetProperty("name").GetProperty("id").GetString();

        Refusal.AssertIs("NameNotFound", await other.PointAsync(id, otherRental));
        Refusal.AssertIs("NameNotFound", await renter.PointAsync(Naming.Nobodys, rental));
        Refusal.AssertIs("RentalNotFound", await renter.PointAsync(id, otherRental));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("pointName", new { nameId = id, rentalId = rental }));
    }
}
