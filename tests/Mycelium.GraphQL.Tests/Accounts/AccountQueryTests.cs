using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Accounts;

[Collection(ApiCollection.Name)]
public sealed class AccountQueryTests(ApiHost host)
{
    private const string ByEmail = "query($email: String!) { account(email: $email) { id email roles wallet { balance } } }";

    [Fact]
    public async Task An_operator_finds_an_account_by_its_address_in_any_case()
    {
        Api renter = await host.RenterAsync(dollars: 12);
        JsonElement me = (await renter.DataAsync("{ me { id email } }")).GetProperty("me");
        string email = me.GetProperty("email").GetString()!;

        JsonElement found = (await host.Operator.DataAsync(ByEmail, new { email = email.ToUpperInvariant() })).GetProperty("account");

        Assert.Equal(me.GetProperty("id").GetString(), found.GetProperty("id").GetString());
        Assert.Equal(email, found.GetProperty("email").GetString());
        Assert.Equal("""["RENTER"]""", found.GetProperty("roles").GetRawText());
        Assert.Equal(12, found.GetProperty("wallet").GetProperty("balance").GetDollars());
    }

    [Fact]
    public async Task A_role_that_a_linked_twin_gives_is_among_the_roles()
    {
        string? email = (await host.Farmer.DataAsync("{ me { email } }")).GetProperty("me").GetProperty("email").GetString();

        JsonElement found = (await host.Operator.DataAsync(ByEmail, new { email })).GetProperty("account");

        Assert.Equal("""["RENTER","FARMER"]""", found.GetProperty("roles").GetRawText());
    }

    [Theory]
    [InlineData("nobody@example.org")]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("no\0body@example.org")]
    public async Task An_unknown_address_is_null(string email) =>
        Assert.Equal(JsonValueKind.Null, (await host.Operator.DataAsync(ByEmail, new { email })).GetProperty("account").ValueKind);

    [Fact]
    public async Task Only_operators_look_accounts_up()
    {
        var variables = new { email = "nobody@example.org" };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync(ByEmail, variables));
        Assert.Equal("FORBIDDEN", await (await host.RenterAsync(dollars: 0)).ErrorCodeAsync(ByEmail, variables));
    }
}
