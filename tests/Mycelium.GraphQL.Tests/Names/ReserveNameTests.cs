using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Provisioning;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Names;

[Collection(ApiCollection.Name)]
public sealed class ReserveNameTests(ApiHost host)
{
    [Fact]
    public async Task A_name_leads_to_a_rental_as_soon_as_the_gateway_knows_it()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        string name = Naming.NewName(), key = host.NewKey();

        JsonElement reserved = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(name, rental, key)).GetProperty("name");
        JsonElement again = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(name, rental, key)).GetProperty("name");
        string? id = reserved.GetProperty("id").GetString();
        await Eventually.HoldsAsync(
            async () => (await renter.FindAsync(id)).GetProperty("isRouted").GetBoolean(), "a route", TimeSpan.FromSeconds(30));

        Assert.Equal((name, "main", "ACTIVE"), (
            reserved.GetProperty("name").GetString(), reserved.GetProperty("grid").GetString(), reserved.GetProperty("status").GetString()));
        Assert.Equal(rental, reserved.GetProperty("rental").GetProperty("id").GetString());
        Assert.Equal(id, again.GetProperty("id").GetString());
        Assert.InRange((await renter.FindAsync(id)).GetProperty("paid").GetDollars(), 0, 0.00025m);
        JsonElement listed = await renter.DataAsync("{ names(where: { status: { neq: RELEASED } }) { nodes { id } } }");
        Assert.Equal(id, listed.GetProperty("names").GetProperty("nodes")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, (await provisioned.As(await host.RenterAsync()).FindAsync(id)).ValueKind);
    }

    [Fact]
    public async Task What_is_no_name_and_what_is_taken_is_refused()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        (Api other, string otherRental) = await provisioned.RentAsync();
        string name = Naming.NewName();

        foreach (string bad in (string[])["ab", "-abc", "abc-", "Abc", "a_b", "ä-b", new string('a', 64), ""])
            Refusal.AssertIs("InvalidName", await renter.ReserveAsync(bad, rental, host.NewKey()));
        Refusal.AssertNone("NameReserved", await renter.ReserveAsync(name, rental, host.NewKey()));
        Refusal.AssertIs("NameTaken", await other.ReserveAsync(name, otherRental, host.NewKey()));
        Refusal.AssertIs("NameTaken", await renter.ReserveAsync(name, rental, host.NewKey()));
        Refusal.AssertIs("RentalNotFound", await renter.ReserveAsync(Naming.NewName(), otherRental, host.NewKey()));
        string key = host.NewKey();
        Refusal.AssertNone("NameReserved", await renter.ReserveAsync(Naming.NewName(), rental, key));
        Refusal.AssertIs("IdempotencyKeyReused", await renter.ReserveAsync(Naming.NewName(), rental, key));
    }

    [Fact]
    public async Task Of_two_accounts_that_want_a_name_at_once_one_gets_it()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api Renter, string RentalId)[] renters = [await provisioned.RentAsync(), await provisioned.RentAsync(), await provisioned.RentAsync()];
        string name = Naming.NewName();

        JsonElement[] answers = await Task.WhenAll(renters.Select(one => one.Renter.ReserveAsync(name, one.RentalId, host.NewKey())));

        Assert.Equal(
            ["NameReserved", "NameTaken", "NameTaken"], answers.Select(answer => answer.GetProperty("__typename").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rental_that_has_ended_an_empty_wallet_and_too_many_names_are_refused()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        for (int index = 0; index < 20; index++)
            Refusal.AssertNone("NameReserved", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()));
        Refusal.AssertIs("NameLimitReached", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()));

        Api poor = provisioned.As(await host.RenterAsync(dollars: 0.015m));
        Dictionary<string, object?> input = host.Input(await host.PublishAsync(), term: new { hours = 1 });
        string? all = (await poor.RentAsync(input)).GetProperty("id").GetString();
        Refusal.AssertIs("InsufficientFunds", await poor.ReserveAsync(Naming.NewName(), all, host.NewKey()));
        Refusal.AssertNone("RentalCancelled", await poor.MutateAsync("cancelRental", new { rentalId = all, idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("RentalAlreadyEnded", await poor.ReserveAsync(Naming.NewName(), all, host.NewKey()));
    }

    [Fact]
    public async Task A_grid_without_a_gateway_has_no_names()
    {
        Api renter = await host.RenterAsync();
        string? rental = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Refusal.AssertIs("GridHasNoProvisioner", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "reserveName", new { name = Naming.NewName(), rentalId = rental, idempotencyKey = host.NewKey() }));
    }
}
