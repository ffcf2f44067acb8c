using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Partners;

[Collection(ApiCollection.Name)]
public sealed class GrantPartnerTests(ApiHost host)
{
    [Fact]
    public async Task A_partner_has_the_role_in_the_next_token_and_granting_it_twice_changes_nothing()
    {
        Api partner = await host.PartnerAsync();
        string id = await ApiHost.GlobalIdAsync(partner);

        JsonElement again = Refusal.AssertNone(
            "PartnerGranted", await host.Operator.MutateAsync("grantPartner", new { accountId = id }, "... on PartnerGranted { account { id roles } }"));
        JsonElement me = (await partner.DataAsync("{ me { roles } }")).GetProperty("me");

        Assert.Equal(id, again.GetProperty("account").GetProperty("id").GetString());
        Assert.Equal(["RENTER", "PARTNER"], again.GetProperty("account").GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["RENTER", "PARTNER"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task An_unknown_account_is_not_found() => Refusal.AssertIs(
        "AccountNotFound", await host.Operator.MutateAsync("grantPartner", new { accountId = GlobalId.Encode("Account", Guid.NewGuid()) }));

    [Fact]
    public async Task Only_operators_grant()
    {
        var input = new { accountId = await ApiHost.GlobalIdAsync(host.Farmer) };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("grantPartner", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("grantPartner", input));
    }
}
