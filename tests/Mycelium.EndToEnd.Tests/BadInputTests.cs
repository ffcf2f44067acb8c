using System.Text.Json;

namespace Mycelium.EndToEnd.Tests;

/// <summary>How the whole product responds to a client's mistakes.</summary>
[Collection(MarketCollection.Name)]
public sealed class BadInputTests(Market market)
{
    private const string Deposit = "mutation ($input: DepositFundsInput!) { depositFunds(input: $input) { __typename } }";

    [Theory]
    [InlineData("{ me { id }", "GRAPHQL_SYNTAX_ERROR")]
    [InlineData("{ nothingOfThisName }", "GRAPHQL_VALIDATION_FAILED")]
    [InlineData("{ gridNode(gridId: \"one\") { id } }", "GRAPHQL_VALIDATION_FAILED")]
    [InlineData("{ gridNodes(first: -1) { nodes { id } } }", "BAD_USER_INPUT")]
    [InlineData("{ gridNodes(first: 10, after: \"nowhere\") { nodes { id } } }", "INVALID_CURSOR")]
    [InlineData("{ rentals(first: 1) { nodes { id } } }", "UNAUTHENTICATED")]
    [InlineData("{ node(id: \"x\") { id } }", "BAD_USER_INPUT")]
    public async Task A_mistake_is_reported_by_its_code_without_internal_details(string query, string code)
    {
        using var anonymous = new ApiClient(market.One);

        JsonElement answer = await anonymous.Send(query);

        Assert.Equal(code, Code(answer));
        Assert.DoesNotContain("Exception", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at Mycelium", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_operators_may_deposit_funds()
    {
        using Renter renter = await Renter.SignUpAsync(market.Cluster);
        using var anonymous = new ApiClient(market.One);
        string? renterId = (await renter.At(market.One).Data("{ me { id } }")).GetProperty("me").GetProperty("id").GetString();
        var variables = new { input = new { accountId = renterId, amount = "1", idempotencyKey = "12345678" } };

        JsonElement byRenter = await renter.At(market.One).Send(Deposit, variables);
        JsonElement byAnonymous = await anonymous.Send(Deposit, variables);
        JsonElement wallet = (await renter.At(market.One).Data("{ me { wallet { balance } } }")).GetProperty("me").GetProperty("wallet");

        Assert.Equal(["FORBIDDEN", "UNAUTHENTICATED"], [Code(byRenter), Code(byAnonymous)]);
        Assert.Equal("1000.000000", wallet.GetProperty("balance").GetString());
    }

    private static string Code(JsonElement answer) =>
        Assert.Single(answer.GetProperty("errors").EnumerateArray()).GetProperty("extensions").GetProperty("code").GetString()!;
}
