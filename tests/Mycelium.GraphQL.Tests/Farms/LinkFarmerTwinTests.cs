using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Farms;

[Collection(ApiCollection.Name)]
public sealed class LinkFarmerTwinTests(ApiHost host)
{
    private const long FreeTwin = 910_001;

    [Fact]
    public async Task A_twin_is_linked_once_and_keeps_its_account()
    {
        string first = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));
        string second = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));

        JsonElement linked = Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(FreeTwin, first));
        Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(FreeTwin, first));
        Refusal.AssertIs("TwinAlreadyLinked", await LinkAsync(FreeTwin, second));

        Assert.Equal((first, 0), (linked.GetProperty("accountId").GetString(), linked.GetProperty("farmCount").GetInt32()));
    }

    [Fact]
    public async Task An_account_that_never_was_is_not_found() =>
        Refusal.AssertIs("AccountNotFound", await LinkAsync(FreeTwin + 1, GlobalId.Encode("Account", Guid.NewGuid())));

    [Fact]
    public async Task An_id_of_another_type_is_bad_input() =>
        Assert.Equal("BAD_USER_INPUT", await host.Operator.MutationErrorCodeAsync("linkFarmerTwin", new { twinId = FreeTwin + 1, accountId = GlobalId.Encode("Farm", 1) }));

    [Fact]
    public async Task Only_operators_link()
    {
        var input = new { twinId = FreeTwin + 1, accountId = await ApiHost.GlobalIdAsync(host.Farmer) };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("linkFarmerTwin", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("linkFarmerTwin", input));
    }

    private Task<JsonElement> LinkAsync(long twinId, string accountId) =>
        host.Operator.MutateAsync("linkFarmerTwin", new { twinId, accountId }, "... on FarmerTwinLinked { twinId accountId farmCount }");
}
