using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Payouts;

[Collection(ApiCollection.Name)]
public sealed class ApproveWithdrawalTests(ApiHost host)
{
    [Fact]
    public async Task A_withdrawal_is_approved_once_and_for_good()
    {
        string id = await host.RequestedWithdrawalAsync((await ApiHost.AccountIdAsync(await host.RenterAsync(dollars: 0))).Value);

        Refusal.AssertNone("WithdrawalApproved", await host.Operator.MutateAsync("approveWithdrawal", new { withdrawalId = id }));
        Refusal.AssertNone("WithdrawalApproved", await host.Operator.MutateAsync("approveWithdrawal", new { withdrawalId = id }));
        Refusal.AssertIs("WithdrawalAlreadyDecided", await host.Operator.MutateAsync("refuseWithdrawal", new { withdrawalId = id, reason = "No." }));
    }

    [Fact]
    public async Task Only_operators_approve_and_only_what_exists()
    {
        string nobody = GlobalId.Encode("Withdrawal", Guid.NewGuid());

        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("approveWithdrawal", new { withdrawalId = nobody }));
        Refusal.AssertIs("WithdrawalNotFound", await host.Operator.MutateAsync("approveWithdrawal", new { withdrawalId = nobody }));
    }
}
