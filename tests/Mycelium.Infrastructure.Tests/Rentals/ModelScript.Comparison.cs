using System.Globalization;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Xunit.Sdk;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>What the product answered and stored, next to what the model says.</summary>
internal sealed partial class ModelScript
{
    private const int LatestMax = 25;

    private void Compare(string operation, Outcome outcome, object result)
    {
        string answer = Say(result);
        Record($"{operation}: {answer}");
        if (!outcome.Allows(answer))
            throw Differs($"the answer is {answer}, and by the model {outcome}");
        string name = result.GetType().Name;
        answers[name] = answers.GetValueOrDefault(name) + 1;
    }

    private void CompareCounts(string what, int expected, int actual)
    {
        Record($"{what}: {actual}");
        if (expected != actual)
            throw Differs($"{what}: {actual}, and by the model {expected}");
        answers[what] = answers.GetValueOrDefault(what) + actual;
    }

    private static string Say(object result) => result switch
    {
        FundsDeposited deposited => Join(result, deposited.Balance.Value),
        SlicesRented { Rental: var rental } => Join(result, rental.Paid.Value),
        RentalExtended extended => Join(result, extended.Charged.Value),
        AutoRenewSet set => Join(result, set.Refund.Value),
        RentalCancelled cancelled => Join(result, cancelled.Refund.Value),
        RentalWithdrawn withdrawn => Join(result, withdrawn.Refund.Value, withdrawn.Penalty.Value),
        WithdrawalRequested requested => Join(result, requested.Balance.Value),
        InsufficientFunds lacking => Join(result, lacking.Required.Value),
        NotEnoughSlices lacking => Join(result, lacking.Available),
        NotWithdrawable lacking => Join(result, lacking.Withdrawable.Value),
        RentalAlreadyEnded ended => Join(result, ended.EndReason),
        ReservationEnded ended => Join(result, ended.EndReason),
        _ => result.GetType().Name,
    };

    private static string Join(object result, params object[] details) => string.Join(' ', [result.GetType().Name, .. details]);

    /// <summary>Every balance, and the ledger as a whole.</summary>
    private async Task CompareWalletsAsync()
    {
        Dictionary<Guid, long> balances = (await market.RowsAsync(
            "SELECT id, wallet_balance(id) FROM ledger_accounts WHERE kind = 'Wallet'", row => (row.GetGuid(0), row.GetInt64(1)))).ToDictionary();
        string[] differences =
        [
            .. model.Accounts.Where(account => balances[account.Id] != account.Wallet)
                .Select(account => $"{Name(account)} has {balances[account.Id]}, and by the model {account.Wallet}"),
            .. balances.Where(balance => balance.Value < 0).Select(balance => $"wallet {balance.Key} has {balance.Value}"),
        ];
        if (differences.Length > 0)
            throw Differs(string.Join('\n', differences));
        if (await market.ScalarAsync<decimal>("SELECT coalesce(sum(amount), 0) FROM ledger_postings") is not 0 and var sum)
            throw Differs($"the ledger sums to {sum}");
    }

    private async Task CompareAllAsync()
    {
        await market.CheckAsync();
        if ((await market.Replica.Get<Reconcile>().Execute(default)).Difference is { Value: not 0 } difference)
            throw Differs($"reconciliation differs by {difference}");
        await CompareRentalsAsync();
        await CompareFarmersAsync();
        await CompareStatementsAsync();
    }

    private async Task CompareRentalsAsync()
    {
        string[] stored = [.. await market.RowsAsync(
            """
            SELECT id, status, ends_at, ended_at, end_reason, paid, refunded, earned, fee_earned, auto_renew_max, renews_at, grace_ends_at,
                   (SELECT count(*) FROM rental_segments WHERE rental_id = rentals.id) FROM rentals
            """,
            row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(column => row.GetValue(column) switch
            {
                DateTime at => At(Microseconds(at)),
                DBNull => "-",
                var value => value,
            })))];
        string[] expected = [.. model.Rentals.Select(rental => string.Join(' ', (object[])
        [
            rental.Id, rental.Status, At(rental.End), Optional(rental.EndedAt), rental.EndReason ?? "-",
            rental.Paid, rental.Refunded, rental.Earned, rental.Fee, rental.MaxPrice?.ToString(CultureInfo.InvariantCulture) ?? "-",
            Optional(rental.RenewsAt), Optional(rental.GraceEnd), rental.Parts.Count,
        ]))];
        string[] differences = [.. expected.Except(stored).Select(line => $"model   {line}"), .. stored.Except(expected).Select(line => $"product {line}")];
        if (differences.Length > 0)
            throw Differs(string.Join('\n', differences.Order(StringComparer.Ordinal).Take(20)));
    }

    private async Task CompareFarmersAsync()
    {
        Dictionary<Guid, string> stored = (await market.RowsAsync(
            "SELECT id, coalesce((SELECT sum(amount) FROM ledger_postings WHERE account_id = earnings_account(id)), 0) || ' ' || debt_of(id)"
            + " || ' ' || withdrawable_of(id) FROM ledger_accounts WHERE kind = 'Wallet'",
            row => (row.GetGuid(0), row.GetString(1)))).ToDictionary();
        string[] differences =
        [
            .. model.Accounts.Select(account => (account, Expected: $"{account.Earnings} {account.Debt} {model.WithdrawableOf(account)}"))
                .Where(pair => stored[pair.account.Id] != pair.Expected)
                .Select(pair => $"{Name(pair.account)} has earnings, debt and withdrawable {stored[pair.account.Id]}, and by the model {pair.Expected}"),
        ];
        if (differences.Length > 0)
            throw Differs(string.Join('\n', differences));
    }

    /// <summary>Month by month since the beginning, each continues the one before and adds up, and the last ends with the balance.</summary>
    private async Task CompareStatementsAsync()
    {
        WalletHistory history = market.Replica.Get<WalletHistory>();
        foreach (ModelAccount account in model.Accounts)
        {
            long balance = 0;
            DateTimeOffset now = DateTimeOffset.UnixEpoch.AddTicks(model.Now * TimeSpan.TicksPerMicrosecond);
            for (var month = new DateTimeOffset(beginning.Year, beginning.Month, 1, 0, 0, 0, TimeSpan.Zero); month <= now; month = month.AddMonths(1))
            {
                Assert.True(StatementMonth.TryParse(month.ToString("yyyy-MM", CultureInfo.InvariantCulture), out StatementMonth of));
                WalletStatement statement = await history.StatementAsync(new(account.Id), of, default);
                if (statement.OpeningBalance.Value != balance || balance + statement.Lines.Sum(line => line.Amount.Value) != statement.ClosingBalance.Value)
                    throw Differs($"the statement of {Name(account)} for {of} opens with {statement.OpeningBalance} after {balance}, or does not add up");
                balance = statement.ClosingBalance.Value;
            }
            if (balance != account.Wallet)
                throw Differs($"the last statement of {Name(account)} closes with {balance}, and by the model {account.Wallet}");
        }
    }

    private static string Optional(long? instant) => instant is { } at ? At(at) : "-";

    private void Record(string line)
    {
        latest.Enqueue($"{step}: {line}");
        if (latest.Count > LatestMax)
            latest.Dequeue();
    }

    private XunitException Differs(string difference) =>
        new($"Seed {seed}, step {step}, at {At(model.Now)}: {difference}\nWhat happened before:\n{string.Join('\n', latest)}");
}
