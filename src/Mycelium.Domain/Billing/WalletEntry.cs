using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>The ID of an entry of the ledger. It says nothing about order; <see cref="WalletEntry.Sequence"/> does.</summary>
public readonly record struct LedgerEntryId(Guid Value) : IComparable<LedgerEntryId>
{
    public int CompareTo(LedgerEntryId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>A movement of money as the owner of one wallet sees it. It never changes.</summary>
public sealed class WalletEntry
{
    private WalletEntry()
    {
    }

    /// <summary>The same for all wallets that the movement touched.</summary>
    public LedgerEntryId Id { get; private set; }

    /// <summary>Whose wallet it is.</summary>
    public AccountId AccountId { get; private set; }

    /// <summary>The position in the wallet's history: 1, 2, 3 … without gaps.</summary>
    public long Sequence { get; private set; }

    /// <summary>Why the money moved.</summary>
    public LedgerEntryKind Kind { get; private set; }

    /// <summary>What came into the wallet; negative for what left it. Never zero.</summary>
    public MicroUsd Amount { get; private set; }

    /// <summary>What the wallet held afterwards.</summary>
    public MicroUsd BalanceAfter { get; private set; }

    /// <summary>The rental that it is for, if any: one that the owner rented, or one on a node of theirs.</summary>
    public RentalId? RentalId { get; private set; }

    /// <summary>The owner of the wallet is the renter.</summary>
    public bool IsOwnRental { get; private set; }

    /// <summary>When the money moved.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>What moved and why, for people.</summary>
    public string Message => Kind switch
    {
        LedgerEntryKind.Deposit => $"{Moved} USD was deposited.",
        LedgerEntryKind.RentalCharge => $"{Moved} USD was paid for a rental.",
        LedgerEntryKind.RentalRefund => $"{Moved} USD came back for a renewal that had not started.",
        LedgerEntryKind.EarningsSettlement => $"{Moved} USD was earned in a month that is over.",
        LedgerEntryKind.RentalSettlement when IsOwnRental => $"{Moved} USD came back from a rental.",
        LedgerEntryKind.RentalSettlement => $"{Moved} USD was earned by a rental.",
        LedgerEntryKind.Penalty when IsOwnRental => $"{Moved} USD is the penalty for a rental of yours that was ended early.",
        LedgerEntryKind.Penalty => $"{Moved} USD was taken as the penalty for a rental that was ended early.",
        LedgerEntryKind.PaymentReceived => $"{Moved} USD was paid in.",
        LedgerEntryKind.PaymentTakenBack => $"{Moved} USD of a payment was refunded to its payer or is disputed.",
        LedgerEntryKind.PaymentReinstated => $"{Moved} USD came back: the dispute about a payment is over.",
        LedgerEntryKind.DebtPaid => $"{Moved} USD paid what the account owed.",
        LedgerEntryKind.MeteredCharge => $"{Moved} USD was paid for an hour of what you rent by the hour.",
        LedgerEntryKind.NameCharge => $"{Moved} USD was paid for a name.",
        LedgerEntryKind.WithdrawalRequested => $"{Moved} USD was withdrawn.",
        LedgerEntryKind.WithdrawalReturned => $"{Moved} USD came back from a withdrawal that was not paid out.",
        _ => Amount > MicroUsd.Zero ? $"{Moved} USD came into the wallet." : $"{Moved} USD left the wallet.",
    };

    private MicroUsd Moved => Amount < MicroUsd.Zero ? -Amount : Amount;
}
