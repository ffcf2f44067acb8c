using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Billing;

/// <summary>Whose money a posting moves.</summary>
public enum LedgerAccountKind
{
    /// <summary>The world outside. Its balance is minus the sum of all other balances.</summary>
    ExternalCash,

    /// <summary>An account's own money; never negative.</summary>
    Wallet,

    /// <summary>Paid for rentals that have not ended.</summary>
    Escrow,
}

/// <summary>One account of the ledger. Only wallets have an owner.</summary>
public sealed record LedgerAccount
{
    private LedgerAccount(LedgerAccountKind kind, AccountId? owner) => (Kind, Owner) = (kind, owner);

    public static LedgerAccount ExternalCash { get; } = new(LedgerAccountKind.ExternalCash, null);

    public static LedgerAccount Escrow { get; } = new(LedgerAccountKind.Escrow, null);

    public LedgerAccountKind Kind { get; }

    public AccountId? Owner { get; }

    public static LedgerAccount WalletOf(AccountId owner) => new(LedgerAccountKind.Wallet, owner);
}
