using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Testing;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Partners;

[Collection(ApiCollection.Name)]
public sealed class RevokePartnerTests(ApiHost host)
{
    private const string Me = "{ me { roles } }";

    [Fact]
    public async Task A_former_partners_token_has_only_renter_rights_at_the_next_request()
    {
        Api partner = await host.PartnerAsync();
        string id = await ApiHost.GlobalIdAsync(partner);
        string document = Assert.Single(await partner.RegisterAsync(host.NewKey(), Me));
        Assert.Null((await partner.RunAsync(document)).Code());

        JsonElement revoked = Refusal.AssertNone("PartnerRevoked", await RevokeAsync(id));

        Assert.Equal(id, revoked.GetProperty("account").GetProperty("id").GetString());
        Assert.Equal("""["RENTER"]""", revoked.GetProperty("account").GetProperty("roles").GetRawText());
        Assert.Equal("FORBIDDEN", await partner.MutationErrorCodeAsync("registerOperations", new { documents = new[] { Me }, idempotencyKey = host.NewKey() }));
        Assert.Equal("DOCUMENT_NOT_FOUND", (await partner.RunAsync(document)).Code());
        Assert.Equal(["RENTER"], await RolesAsync(partner));
        Refusal.AssertNone("PartnerRevoked", await RevokeAsync(id));
    }

    [Fact]
    public async Task A_reinstated_partner_finds_its_documents_again()
    {
        Api partner = await host.PartnerAsync();
        string id = await ApiHost.GlobalIdAsync(partner);
        string document = Assert.Single(await partner.RegisterAsync(host.NewKey(), Me));
        await RevokeAsync(id);
        Assert.Equal("DOCUMENT_NOT_FOUND", (await partner.RunAsync(document)).Code());

        Refusal.AssertNone("PartnerGranted", await host.Operator.MutateAsync("grantPartner", new { accountId = id }));

        Assert.Null((await partner.RunAsync(document)).Code());
    }

    [Fact]
    public async Task A_former_partners_socket_is_closed_and_reconnects_as_a_renter()
    {
        Api partner = await host.PartnerAsync();
        using Socket socket = await Socket.SubscribeAsync(partner, Me);
        string before = (await socket.NextAsync()).GetProperty("roles").GetRawText();

        await RevokeAsync(await ApiHost.GlobalIdAsync(partner));

        Assert.Equal("""["RENTER","PARTNER"]""", before);
        Assert.Equal((4403, "Forbidden: rights withdrawn"), await socket.ClosedAsync());
        using Socket after = await Socket.SubscribeAsync(partner, Me);
        Assert.Equal("""["RENTER"]""", (await after.NextAsync()).GetProperty("roles").GetRawText());
    }

    [Fact]
    public async Task Another_replica_knows_within_a_second()
    {
        Api partner = await host.PartnerAsync();
        string id = await ApiHost.GlobalIdAsync(partner);
        var clock = new TestClock();
        var other = new Standings(host.Replica.Get<StandingReader>(), host.Replica.Get<Restores>(), clock);
        var signIn = new SignInKey(await ApiHost.AccountIdAsync(partner), Guid.Empty);
        Assert.Equal([Roles.Partner], (await other.OfAsync(signIn))!.Roles);

        await RevokeAsync(id);
        Assert.Equal([Roles.Partner], (await other.OfAsync(signIn))!.Roles);
        clock.Advance(Limits.StandingFor);

        Assert.Empty((await other.OfAsync(signIn))!.Roles);
    }

    [Fact]
    public async Task An_unknown_account_is_not_found() => Refusal.AssertIs("AccountNotFound", await RevokeAsync(GlobalId.Encode("Account", Guid.NewGuid())));

    [Fact]
    public async Task Only_operators_revoke()
    {
        var input = new { accountId = await ApiHost.GlobalIdAsync(host.Farmer) };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("revokePartner", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("revokePartner", input));
    }

    private Task<JsonElement> RevokeAsync(string accountId) =>
        host.Operator.MutateAsync("revokePartner", new { accountId }, "... on PartnerRevoked { account { id roles } }");

    private static async Task<IEnumerable<string?>> RolesAsync(Api caller) =>
        (await caller.DataAsync(Me)).GetProperty("me").GetProperty("roles").EnumerateArray().Select(role => role.GetString());
}
