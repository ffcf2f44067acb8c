using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>Where all money is, counted twice at one instant.</summary>
/// <param name="AsOf">When, by the database's clock.</param>
/// <param name="Accounts">One for each kind of ledger account. Their postings add up to zero.</param>
/// <param name="UnassignedPayments">What payments have received that name no account: in no wallet, and for an operator to look at.</param>
public sealed record Reconciliation(DateTimeOffset AsOf, IReadOnlyList<ReconciledAccount> Accounts, MicroUsd UnassignedPayments)
{
    /// <summary>All differences, none made up for by another. Zero, or something is broken.</summary>
    public MicroUsd Difference => Accounts.Aggregate(
        MicroUsd.Zero, (sum, account) => account.Difference < MicroUsd.Zero ? sum - account.Difference : sum + account.Difference);
}

/// <summary>All ledger accounts of one kind.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Posted">The sum of their postings.</param>
/// <param name="Counted">What it should be, from rentals, payments, withdrawals and running balances.</param>
public sealed record ReconciledAccount(LedgerAccountKind Kind, MicroUsd Posted, MicroUsd Counted)
{
    /// <summary>What is posted less what is counted.</summary>
    public MicroUsd Difference => Posted - Counted;
}
