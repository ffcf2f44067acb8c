using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Provisioning;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Names;

[Collection(ApiCollection.Name)]
public sealed class ReleaseNameTests(ApiHost host)
{
    [Fact]
    public async Task A_released_name_is_free_for_another_account_whose_route_wins()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        (Api other, string otherRental) = await provisioned.RentAsync();
        string name = Naming.NewName();
        string? id = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(name, rental, host.NewKey()))
            .GetProperty("name").GetProperty("id").GetString();
        Refusal.AssertIs("NameNotFound", await other.ReleaseAsync(id));

        JsonElement released = Refusal.AssertNone("NameReleased", await renter.ReleaseAsync(id)).GetProperty("name");
        Refusal.AssertNone("NameReleased", await renter.ReleaseAsync(id));
        string? theirs = Refusal.AssertNone("NameReserved", await other.ReserveAsync(name, otherRental, host.NewKey()))
            .GetProperty("name").GetProperty("id").GetString();
        await Eventually.HoldsAsync(
            async () => (await other.FindAsync(theirs)).GetProperty("isRouted").GetBoolean(), "a route", TimeSpan.FromSeconds(30));

        Assert.Equal(
            ("RELEASED", "RELEASED_BY_HOLDER"), (released.GetProperty("status").GetString(), released.GetProperty("releaseReason").GetString()));
        Refusal.AssertIs("NameNotFound", await renter.PointAsync(id, rental));
        Refusal.AssertIs("NameNotFound", await renter.ReleaseAsync(Naming.Nobodys));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("releaseName", new { nameId = id }));
    }
}
