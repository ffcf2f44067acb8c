using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GridStandIn;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Payouts;

[Collection(ApiCollection.Name)]
public sealed class WithdrawFundsTests(ApiHost host)
{
    private const string Secret = "a-secret-of-the-tests-32-characters-long";
    private const string Wallet = "{ me { wallet { balance withdrawable pending } } withdrawals { nodes { id accountId amount state reason endedAt } } }";
    private const string Selection = "... on WithdrawalRequested { amount wallet { balance } withdrawal { id state } }";

    private static decimal[] Amounts(JsonElement data) =>
    [
        .. ((string[])["balance", "withdrawable", "pending"]).Select(name => data.GetProperty("me").GetProperty("wallet").GetProperty(name).GetDollars()),
    ];

    [Fact]
    public async Task A_farmer_withdraws_what_was_earned_an_operator_approves_and_it_is_paid_out()
    {
        await using StandInServer sender = await StandInServer.StartAsync(new StandInOptions { Nodes = 3, Farms = 1, PayoutSecret = Secret });
        await using Replica replica = host.StartReplica(
            ("Payouts:BaseUrl", sender.BaseAddress.ToString()), ("Payouts:Secret", Secret), ("Payouts:Interval", "00:00:00.200"));
        Api renter = await host.RenterAsync(dollars: 10);
        Api farmer = host.Client(renter.Token, replica.Address);
        await host.EarnAsync((await ApiHost.AccountIdAsync(renter)).Value, 7);
        Assert.Equal([17m, 7m, 0m], Amounts(await farmer.DataAsync(Wallet)));
        string key = host.NewKey();

        Refusal.AssertIs("NotWithdrawable", await farmer.MutateAsync("withdrawFunds", new { amount = 8, idempotencyKey = host.NewKey() }, Selection));
        Refusal.AssertIs("AmountOutOfRange", await farmer.MutateAsync("withdrawFunds", new { amount = 0.5, idempotencyKey = host.NewKey() }, Selection));
        JsonElement requested = await farmer.MutateAsync("withdrawFunds", new { amount = 5, idempotencyKey = key }, Selection);
        Refusal.AssertNone("WithdrawalRequested", requested);
        Assert.Equal(12m, requested.GetProperty("wallet").GetProperty("balance").GetDollars());
        Refusal.AssertIs("IdempotencyKeyReused", await farmer.MutateAsync("withdrawFunds", new { amount = 6, idempotencyKey = key }, Selection));
        Refusal.AssertIs("InvalidInput", await farmer.MutateAsync("withdrawFunds", new { amount = 6, idempotencyKey = "short" }, Selection));
        Assert.Equal([12m, 2m, 0m], Amounts(await farmer.DataAsync(Wallet)));
        string id = requested.GetProperty("withdrawal").GetProperty("id").GetString()!;

        JsonElement approved = await host.Operator.MutateAsync(
            "approveWithdrawal", new { withdrawalId = id }, "... on WithdrawalApproved { withdrawal { amount state } }");
        Refusal.AssertNone("WithdrawalApproved", approved);
        JsonElement withdrawal = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                withdrawal = (await farmer.DataAsync(Wallet)).GetProperty("withdrawals").GetProperty("nodes")[0];
                return withdrawal.GetProperty("state").GetString() == "SETTLED";
            },
            "the withdrawal is paid out", TimeSpan.FromSeconds(30));

        Assert.Single(sender.Payouts.All, payout => payout.AmountMicroUsd == 5_000_000); // Other tests of this database withdraw too.
        Assert.Equal(
            ["WITHDRAWAL_SETTLED", "DEPOSITED"],
            (await farmer.DataAsync("{ notifications { nodes { kind } } }")).GetProperty("notifications").GetProperty("nodes")
                .EnumerateArray().Select(told => told.GetProperty("kind").GetString()));
        Refusal.AssertIs(
            "WithdrawalAlreadyDecided", await host.Operator.MutateAsync("refuseWithdrawal", new { withdrawalId = id, reason = "Too late." }));
    }

    [Fact]
    public async Task Without_a_payout_sender_nothing_is_withdrawn() => Refusal.AssertIs(
        "PayoutsUnavailable", await host.Farmer.MutateAsync("withdrawFunds", new { amount = 5, idempotencyKey = host.NewKey() }));

    [Fact]
    public async Task A_withdrawal_is_its_owners_and_operators_alone()
    {
        Api owner = await host.RenterAsync(dollars: 0);
        string id = await host.RequestedWithdrawalAsync((await ApiHost.AccountIdAsync(owner)).Value);
        const string Node = "query($id: ID!) { node(id: $id) { ... on Withdrawal { amount } } }";

        Assert.Equal(2m, (await owner.DataAsync(Node, new { id })).GetProperty("node").GetProperty("amount").GetDollars());
        Assert.Equal(2m, (await host.Operator.DataAsync(Node, new { id })).GetProperty("node").GetProperty("amount").GetDollars());
        Assert.Equal(JsonValueKind.Null, (await host.Farmer.DataAsync(Node, new { id })).GetProperty("node").ValueKind);
        Assert.Empty((await host.Farmer.DataAsync("{ withdrawals { nodes { id } } }")).GetProperty("withdrawals").GetProperty("nodes").EnumerateArray());
        Assert.Contains(
            id, (await host.Operator.DataAsync("{ allWithdrawals(where: { state: { eq: REQUESTED } }, first: 100) { nodes { id } } }"))
                .GetProperty("allWithdrawals").GetProperty("nodes").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
    }
}
