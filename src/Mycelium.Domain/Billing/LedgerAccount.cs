using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Billing;

/// <summary>Whose money a posting moves.</summary>
public enum LedgerAccountKind
{
    /// <summary>The world outside. Its balance is minus the sum of all other balances.</summary>
    ExternalCash,

    /// <summary>An account's own money; never negative.</summary>
    Wallet,

    /// <summary>Paid for rentals and not earned yet.</summary>
    Escrow,

    /// <summary>What a farmer has earned in months that are not settled; never negative.</summary>
    Earnings,

    /// <summary>The platform's share of what farmers earn.</summary>
    PlatformFees,

    /// <summary>What an account owes; never positive. A payment that was taken back after it was spent leaves a debt.</summary>
    Debt,

    /// <summary>Withdrawals that have left a wallet and not arrived yet.</summary>
    Payouts,
}

/// <summary>One account of the ledger. Wallets, earnings and debts have an owner; the others are shared.</summary>
public sealed record LedgerAccount
{
    private LedgerAccount(LedgerAccountKind kind, AccountId? owner) => (Kind, Owner) = (kind, owner);

    public static LedgerAccount ExternalCash { get; } = new(LedgerAccountKind.ExternalCash, null);

    public static LedgerAccount Escrow { get; } = new(LedgerAccountKind.Escrow, null);

    public LedgerAccountKind Kind { get; }

    public AccountId? Owner { get; }

    public static LedgerAccount PlatformFees { get; } = new(LedgerAccountKind.PlatformFees, null);

    public static LedgerAccount Payouts { get; } = new(LedgerAccountKind.Payouts, null);

    public static LedgerAccount WalletOf(AccountId owner) => new(LedgerAccountKind.Wallet, owner);

    public static LedgerAccount EarningsOf(AccountId owner) => new(LedgerAccountKind.Earnings, owner);

    public static LedgerAccount DebtOf(AccountId owner) => new(LedgerAccountKind.Debt, owner);
}
