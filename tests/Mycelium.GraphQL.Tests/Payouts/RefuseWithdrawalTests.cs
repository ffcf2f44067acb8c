using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Payouts;

[Collection(ApiCollection.Name)]
public sealed class RefuseWithdrawalTests(ApiHost host)
{
    [Fact]
    public async Task A_refused_withdrawal_is_back_in_the_wallet_and_its_owner_is_told_why()
    {
        Api owner = await host.RenterAsync(dollars: 0);
        string id = await host.RequestedWithdrawalAsync((await ApiHost.AccountIdAsync(owner)).Value);
        Assert.Equal(0m, await owner.BalanceAsync());

        JsonElement refused = await host.Operator.MutateAsync(
            "refuseWithdrawal", new { withdrawalId = id, reason = "Send your invoice first." }, "... on WithdrawalRefused { withdrawal { state reason } }");

        Assert.Equal("REFUSED", refused.GetProperty("withdrawal").GetProperty("state").GetString());
        Assert.Equal(2m, await owner.BalanceAsync());
        string? message = (await owner.DataAsync("{ notifications { nodes { message } } }")).GetProperty("notifications").GetProperty("nodes")[0]
            .GetProperty("message").GetString();
        Assert.Contains("Send your invoice first.", message, StringComparison.Ordinal);
        Refusal.AssertIs("WithdrawalAlreadyDecided", await host.Operator.MutateAsync("approveWithdrawal", new { withdrawalId = id }));
    }

    [Fact]
    public async Task A_refusal_names_a_reason_and_a_withdrawal_that_exists()
    {
        string nobody = GlobalId.Encode("Withdrawal", Guid.NewGuid());

        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("refuseWithdrawal", new { withdrawalId = nobody, reason = "No." }));
        Refusal.AssertIs("InvalidInput", await host.Operator.MutateAsync("refuseWithdrawal", new { withdrawalId = nobody, reason = "" }));
        Refusal.AssertIs("WithdrawalNotFound", await host.Operator.MutateAsync("refuseWithdrawal", new { withdrawalId = nobody, reason = "No." }));
    }
}
