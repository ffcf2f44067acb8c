using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class RenameRentalTests(ApiHost host)
{
    private static Task<JsonElement> RenameAsync(Api renter, string? rentalId, string? name) =>
        renter.MutateAsync("renameRental", new { rentalId, name }, "... on RentalRenamed { rental { name } } ... on InvalidRentalName { lengthMax }");

    [Fact]
    public async Task A_rental_is_named_when_it_begins_or_later()
    {
        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = host.Input(await host.PublishAsync());
        input["name"] = "web-1";
        string? id = (await renter.RentAsync(input)).GetProperty("id").GetString();

        JsonElement found = await renter.DataAsync("""{ rentals(where: { name: { eq: "web-1" } }) { nodes { name } } }""");
        JsonElement renamed = Refusal.AssertNone("RentalRenamed", await RenameAsync(renter, id, "db-1"));
        JsonElement nameless = Refusal.AssertNone("RentalRenamed", await RenameAsync(renter, id, null));

        Assert.Equal("web-1", found.GetProperty("rentals").GetProperty("nodes")[0].GetProperty("name").GetString());
        Assert.Equal("db-1", renamed.GetProperty("rental").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, nameless.GetProperty("rental").GetProperty("name").ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" web")]
    [InlineData("a\u0007b")]
    public async Task A_text_that_is_no_name_is_refused(string name)
    {
        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = host.Input(await host.PublishAsync());
        input["name"] = name;

        Refusal.AssertIs("InvalidRentalName", await renter.MutateAsync("rentSlices", input));
        input.Remove("name");
        input["idempotencyKey"] = host.NewKey();
        Refusal.AssertIs("InvalidRentalName", await RenameAsync(renter, (await renter.RentAsync(input)).GetProperty("id").GetString(), name));
    }

    [Fact]
    public async Task A_rental_that_has_ended_keeps_its_name()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();
        await renter.MutateAsync("cancelRental", new { rentalId = id, idempotencyKey = host.NewKey() });

        Refusal.AssertIs("RentalAlreadyEnded", await RenameAsync(renter, id, "web-2"));
    }

    [Fact]
    public async Task Another_renters_rental_is_not_found()
    {
        string? id = (await (await host.RenterAsync()).RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Refusal.AssertIs("RentalNotFound", await RenameAsync(await host.RenterAsync(), id, "mine"));
    }

    [Fact]
    public async Task Only_signed_in_callers_rename() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "renameRental", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), name = "x" }));
}
