using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Farms;

[Collection(ApiCollection.Name)]
public sealed class LinkFarmerTwinTests(ApiHost host)
{
    private const long UnknownTwin = 4_000_000;
    private const long ReadTwin = 910_001;
    private const long KeptTwin = 910_002;

    [Fact]
    public async Task A_twin_is_linked_once_and_keeps_its_account()
    {
        await host.AddFarmAsync("main", ReadTwin, ReadTwin);
        string first = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));
        string second = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));

        JsonElement linked = Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(ReadTwin, first));
        Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(ReadTwin, first));
        Refusal.AssertIs("TwinAlreadyLinked", await LinkAsync(ReadTwin, second));

        Assert.Equal((first, 1), (linked.GetProperty("accountId").GetString(), linked.GetProperty("farmCount").GetInt32()));
    }

    [Fact]
    public async Task A_twin_that_owns_no_farm_of_the_grid_is_not_found_and_nothing_is_linked()
    {
        await host.AddFarmAsync("test", KeptTwin, KeptTwin);
        Api farmer = await host.RenterAsync(dollars: 0);
        string account = await ApiHost.GlobalIdAsync(farmer);

        Refusal.AssertIs("TwinNotFound", await LinkAsync(UnknownTwin, account));
        Refusal.AssertIs("TwinNotFound", await LinkAsync(KeptTwin, account));

        Assert.Equal(["renter"], await farmer.RolesAsync());
    }

    [Fact]
    public async Task An_account_that_never_was_is_not_found() =>
        Refusal.AssertIs("AccountNotFound", await LinkAsync(UnknownTwin, GlobalId.Encode("Account", Guid.NewGuid())));

    [Fact]
    public async Task An_id_of_another_type_is_bad_input() =>
        Assert.Equal("BAD_USER_INPUT", await host.Operator.MutationErrorCodeAsync("linkFarmerTwin", new { twinId = UnknownTwin, accountId = GlobalId.Encode("Farm", 1) }));

    [Fact]
    public async Task Only_operators_link()
    {
        var input = new { twinId = UnknownTwin, accountId = await ApiHost.GlobalIdAsync(host.Farmer) };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("linkFarmerTwin", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("linkFarmerTwin", input));
    }

    private Task<JsonElement> LinkAsync(long twinId, string accountId) =>
        host.Operator.MutateAsync("linkFarmerTwin", new { twinId, accountId }, "... on FarmerTwinLinked { twinId accountId farmCount }");
}
