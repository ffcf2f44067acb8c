using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Billing;

[Collection(ApiCollection.Name)]
public sealed class DepositFundsTests(ApiHost host)
{
    [Fact]
    public async Task A_deposit_reaches_the_wallet_to_the_micro_dollar()
    {
        Api renter = await host.RenterAsync(dollars: 0);
        string account = await ApiHost.GlobalIdAsync(renter);

        await DepositAsync(account, 12.345678m, host.NewKey());
        JsonElement answer = await DepositAsync(account, 0.000001m, host.NewKey());

        Refusal.AssertNone("FundsDeposited", answer);
        Assert.Equal(12.345679m, answer.GetProperty("wallet").GetProperty("balance").GetDollars());
        Assert.Equal(12.345679m, await renter.BalanceAsync());
    }

    [Fact]
    public async Task The_same_payment_sent_twice_is_one_deposit_and_a_key_with_other_input_is_refused()
    {
        Api renter = await host.RenterAsync(dollars: 0);
        string account = await ApiHost.GlobalIdAsync(renter);
        string key = host.NewKey();

        await DepositAsync(account, 5, key);
        Assert.Equal(5, (await DepositAsync(account, 5, key)).GetProperty("wallet").GetProperty("balance").GetDollars());
        Refusal.AssertIs("IdempotencyKeyReused", await DepositAsync(account, 6, key));

        Assert.Equal(5, await renter.BalanceAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000000.000001")]
    public async Task An_amount_out_of_range_is_refused(string amount) => Refusal.AssertIs(
        "AmountOutOfRange", await DepositAsync(await ApiHost.GlobalIdAsync(host.Farmer), decimal.Parse(amount, CultureInfo.InvariantCulture), host.NewKey()));

    [Fact]
    public async Task An_unknown_account_is_not_found() =>
        Refusal.AssertIs("AccountNotFound", await DepositAsync(GlobalId.Encode("Account", Guid.NewGuid()), 5, host.NewKey()));

    [Fact]
    public async Task Only_operators_deposit()
    {
        Api renter = await host.RenterAsync(dollars: 0);
        var input = new { accountId = await ApiHost.GlobalIdAsync(renter), amount = 5, idempotencyKey = host.NewKey() };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("depositFunds", input));
        Assert.Equal("FORBIDDEN", await renter.MutationErrorCodeAsync("depositFunds", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("depositFunds", input));
        Assert.Equal(0, await renter.BalanceAsync());
    }

    private Task<JsonElement> DepositAsync(string accountId, decimal amount, string idempotencyKey) =>
        host.Operator.MutateAsync("depositFunds", new { accountId, amount, idempotencyKey }, "... on FundsDeposited { accountId amount wallet { balance } }");
}
