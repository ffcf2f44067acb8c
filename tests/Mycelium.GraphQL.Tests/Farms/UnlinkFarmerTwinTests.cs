using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Farms;

[Collection(ApiCollection.Name)]
public sealed class UnlinkFarmerTwinTests(ApiHost host)
{
    private static long lastFarm = 920_000;

    [Fact]
    public async Task Linking_a_twin_grants_the_farmer_role_at_once_and_unlinking_removes_it()
    {
        (Api farmer, string account, long twin) = await LinkedAsync();
        string[] before = await farmer.RolesAsync();

        JsonElement unlinked = Refusal.AssertNone("FarmerTwinUnlinked", await UnlinkAsync(twin));

        Assert.Equal(["RENTER", "FARMER"], before);
        Assert.Equal(["RENTER"], await farmer.RolesAsync());
        Assert.Equal((account, 1), (unlinked.GetProperty("accountId").GetString(), unlinked.GetProperty("farmCount").GetInt32()));
    }

    [Fact]
    public async Task The_farms_are_unowned_until_the_twin_is_linked_again_to_any_account()
    {
        (Api farmer, _, long twin) = await LinkedAsync();
        string another = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));
        int owned = await OwnFarmsAsync(farmer);

        await UnlinkAsync(twin);
        int ownedAfterUnlinking = await OwnFarmsAsync(farmer);
        JsonElement linked = Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(twin, another));

        Assert.Equal((1, 0), (owned, ownedAfterUnlinking));
        Assert.Equal(1, linked.GetProperty("farmCount").GetInt32());
    }

    [Fact]
    public async Task An_account_with_another_linked_twin_stays_a_farmer()
    {
        (Api farmer, string account, long twin) = await LinkedAsync();
        long second = Interlocked.Increment(ref lastFarm);
        await host.AddFarmAsync("main", second, second);
        await LinkAsync(second, account);

        await UnlinkAsync(twin);

        Assert.Equal(["RENTER", "FARMER"], await farmer.RolesAsync());
    }

    [Fact]
    public async Task A_former_farmers_token_has_only_renter_rights_at_every_replica_within_a_second()
    {
        (Api farmer, _, long twin) = await LinkedAsync();
        AccountId id = await ApiHost.AccountIdAsync(farmer);
        var clock = new TestClock();
        var other = new Standings(host.Replica.Get<StandingReader>(), host.Replica.Get<Restores>(), clock);
        var signIn = new SignInKey(id, Guid.Empty);
        Assert.Equal([Roles.Farmer], (await other.OfAsync(signIn))!.Roles);

        await UnlinkAsync(twin);
        clock.Advance(Limits.StandingFor);

        Assert.Empty((await other.OfAsync(signIn))!.Roles);
        Assert.Equal(["RENTER"], await farmer.RolesAsync());
    }

    [Fact]
    public async Task A_new_farmer_is_recognised_by_another_replica_within_a_second_with_the_same_token()
    {
        await using Replica closed = host.StartReplica(("Introspection:AllowedTo", "farmer"));
        string email = host.NewEmail();
        var account = new { email, password = ApiHost.Password };
        using HttpResponseMessage registered = await host.Anyone.PostAsync("/account/register", account);
        long twin = Interlocked.Increment(ref lastFarm);
        await host.AddFarmAsync("main", twin, twin);
        Api before = await SignedInAsync(closed.Address, account);

        const string schema = "{ __schema { queryType { name } } }";
        Assert.Equal("INTROSPECTION_DISABLED", await before.ErrorCodeAsync(schema));

        await LinkAsync(twin, await ApiHost.GlobalIdAsync(before)); // At the first replica.

        await Eventually.HoldsAsync(async () => (await before.SendAsync(schema)).TryGetProperty("data", out _), "the other replica has refreshed the roles");
    }

    [Fact]
    public async Task Unlinking_a_twin_that_is_not_linked_is_refused()
    {
        (_, _, long twin) = await LinkedAsync();
        await UnlinkAsync(twin);

        Refusal.AssertIs("TwinNotLinked", await UnlinkAsync(twin));
        Refusal.AssertIs("TwinNotLinked", await UnlinkAsync(4_000_000));
    }

    [Fact]
    public async Task The_same_number_on_another_grid_is_another_twin()
    {
        (Api farmer, _, long twin) = await LinkedAsync();

        Refusal.AssertIs("TwinNotLinked", await host.Operator.MutateAsync("unlinkFarmerTwin", new { twinId = twin, grid = "test" }));
        Refusal.AssertIs("GridNotFound", await host.Operator.MutateAsync("unlinkFarmerTwin", new { twinId = twin, grid = "nowhere" }));

        Assert.Equal(["RENTER", "FARMER"], await farmer.RolesAsync());
    }

    [Fact]
    public async Task An_impossible_twin_number_is_invalid_input() => Refusal.AssertIs("InvalidInput", await UnlinkAsync(0));

    [Fact]
    public async Task Only_operators_unlink()
    {
        (Api farmer, _, long twin) = await LinkedAsync();

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("unlinkFarmerTwin", new { twinId = twin }));
        Assert.Equal("FORBIDDEN", await farmer.MutationErrorCodeAsync("unlinkFarmerTwin", new { twinId = twin }));
    }

    private async Task<(Api Farmer, string Account, long Twin)> LinkedAsync()
    {
        long twin = Interlocked.Increment(ref lastFarm);
        await host.AddFarmAsync("main", twin, twin);
        Api farmer = await host.RenterAsync(dollars: 0);
        string account = await ApiHost.GlobalIdAsync(farmer);
        Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(twin, account));
        return (farmer, account, twin);
    }

    private async Task<Api> SignedInAsync(Uri address, object account)
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync("/account/login", account);
        return host.Client((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString(), address);
    }

    private async Task<int> OwnFarmsAsync(Api farmer)
    {
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var count = new Npgsql.NpgsqlCommand("SELECT count(*)::integer FROM farms WHERE owner_id = $1", connection);
        count.Parameters.Add(new() { Value = (await ApiHost.AccountIdAsync(farmer)).Value });
        return (int)(await count.ExecuteScalarAsync())!;
    }

    private Task<JsonElement> LinkAsync(long twinId, string accountId) =>
        host.Operator.MutateAsync("linkFarmerTwin", new { twinId, accountId }, "... on FarmerTwinLinked { farmCount }");

    private Task<JsonElement> UnlinkAsync(long twinId) =>
        host.Operator.MutateAsync("unlinkFarmerTwin", new { twinId }, "... on FarmerTwinUnlinked { accountId farmCount }");
}
