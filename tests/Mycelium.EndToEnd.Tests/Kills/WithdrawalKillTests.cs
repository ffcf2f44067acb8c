using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>
/// A replica dies at each step of a withdrawal, and the payout sender while its answer is on the way. The farmer is paid once, or gets it back once.
/// </summary>
[Collection(FullMarketCollection.Name)]
public sealed class WithdrawalKillTests(FullMarket market) : IAsyncLifetime
{
    private const string Withdraw =
        """
        mutation ($input: WithdrawFundsInput!) {
          withdrawFunds(input: $input) { __typename ... on WithdrawalRequested { withdrawal { id } } ... on Problem { code message } }
        }
        """;

    private const string Approve = "mutation ($input: ApproveWithdrawalInput!) { approveWithdrawal(input: $input) { __typename } }";

    private const string Read = "query ($where: WithdrawalFilterInput) { withdrawals(where: $where) { nodes { id state amount } } }";

    public Task InitializeAsync() => market.BeReadyAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_withdrawal_is_paid_once_whatever_dies_between_its_steps()
    {
        decimal before = await BalanceAsync();
        string key = Guid.NewGuid().ToString();

        // Requested: dies between the commit and the answer. The same key gets the same withdrawal.
        await market.KillAtAsync(await Held.CommitsAsync(market.Database, "INSERT", "withdrawals"), RequestAsync(key));
        await market.StartAsync();
        string withdrawal = await RequestAsync(key);
        Guid id = Books.Uuid(withdrawal);
        Assert.Equal(before - 2, await BalanceAsync());

        // Approved: dies between the commit and the answer, and its successor inside the transaction that marks it as sent.
        await market.KillAtAsync(await Held.CommitsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Approved'"), ApproveAsync(withdrawal));
        Held held = await Held.StatementsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Sent'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await StateBecomesAsync(id, "Approved");

        // Sent: dies before the sender is asked; before it is told, whose request arrives late; and before its answer arrives, as does the sender.
        Stop asked = market.Payouts.StopRequest("GET", $"/payouts/{id}");
        await market.StartAsync();
        await market.KillAtAsync(asked);
        await StateBecomesAsync(id, "Sent");
        Stop late = market.Payouts.StopRequest("PUT", $"/payouts/{id}");
        await market.StartAsync();
        await market.KillAtAsync(late);
        Assert.Empty(market.PayoutsOf(id));
        Stop told = market.Payouts.StopAnswer("PUT", $"/payouts/{id}");
        await market.StartAsync();
        await market.KillAtAsync(told);
        await market.RestartSenderAsync();
        late.LetGo();
        await late.ArrivedAsync();

        // Settled: dies inside the transaction, and then between its commit and the next step.
        held = await Held.StatementsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Settled'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await StateBecomesAsync(id, "Sent");
        held = await Held.CommitsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Settled'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await StateBecomesAsync(id, "Settled");
        await market.StartAsync();

        Assert.Equal("WithdrawalApproved", await ApproveAsync(withdrawal)); // Again, which changes nothing.
        Assert.Equal(withdrawal, await RequestAsync(key));
        Assert.Equal((2_000_000, "paid"), Assert.Single(market.PayoutsOf(id).Select(payout => (payout.AmountMicroUsd!.Value, payout.State!))));
        Assert.Equal(("SETTLED", 2m), await ReadAsync(withdrawal));
        Assert.Equal(before - 2, await BalanceAsync());
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_withdrawal_that_fails_comes_back_once_whatever_dies_between_its_steps()
    {
        decimal before = await BalanceAsync();
        string withdrawal = await RequestAsync(Guid.NewGuid().ToString());
        Guid id = Books.Uuid(withdrawal);
        await market.RestartSenderAsync("failed");
        try
        {
            Stop told = market.Payouts.StopAnswer("PUT", $"/payouts/{id}");
            await ApproveAsync(withdrawal);
            await market.KillAtAsync(told);
        }
        finally
        {
            await market.RestartSenderAsync(); // It would pay from now on, but has said that it won't.
        }
        Held held = await Held.StatementsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Failed'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await StateBecomesAsync(id, "Sent");
        held = await Held.CommitsAsync(market.Database, "UPDATE", "withdrawals", "NEW.state = 'Failed'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await StateBecomesAsync(id, "Failed");
        await market.StartAsync();

        Assert.Equal("failed", Assert.Single(market.PayoutsOf(id)).State);
        Assert.Equal(("FAILED", 2m), await ReadAsync(withdrawal));
        Assert.Equal(before, await BalanceAsync());
        await market.CheckAsync();
    }

    private async Task<decimal> BalanceAsync() => (await market.Farmer.At(market.Replica).WalletAsync()).Balance;

    /// <summary>Two dollars.</summary>
    private async Task<string> RequestAsync(string key)
    {
        JsonElement answer = (await market.Farmer.At(market.Replica).Data(Withdraw, new { input = new { amount = "2", idempotencyKey = key } }))
            .GetProperty("withdrawFunds");
        Assert.True(answer.Type() == "WithdrawalRequested", answer.GetRawText());
        return answer.GetProperty("withdrawal").GetProperty("id").GetString()!;
    }

    private async Task<string> ApproveAsync(string withdrawalId) =>
        (await market.Operator.At(market.Replica).Data(Approve, new { input = new { withdrawalId } })).GetProperty("approveWithdrawal").Type();

    private async Task<(string State, decimal Amount)> ReadAsync(string withdrawal)
    {
        JsonElement found = (await market.Farmer.At(market.Replica).Data(Read, new { where = new { id = new { eq = withdrawal } } }))
            .GetProperty("withdrawals").GetProperty("nodes")[0];
        return (found.GetProperty("state").GetString()!, found.Dollars("amount"));
    }

    /// <summary>By its own connection, since no replica runs; the transaction that was let go may still be at it.</summary>
    private Task StateBecomesAsync(Guid id, string state) => Eventually.HoldsAsync(
        async () => await market.ScalarAsync<string>(
            """
            SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE relation = 'withdrawals'::regclass AND mode = 'RowExclusiveLock') THEN '' ELSE state END
            FROM withdrawals WHERE id = $1
            """, id) == state,
        $"the withdrawal is {state}");
}
