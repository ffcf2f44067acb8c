using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>Why money moved.</summary>
public enum LedgerEntryKind
{
    /// <summary>An operator paid into a wallet.</summary>
    Deposit,

    /// <summary>A renter paid for a rental in advance.</summary>
    RentalCharge,

    /// <summary>A rental ended: its farmer received the earned part, its renter the rest.</summary>
    RentalSettlement,
}

/// <summary>An amount put into a ledger account, or taken from it when negative. Never zero.</summary>
public sealed record LedgerPosting(LedgerAccount Account, MicroUsd Amount);

/// <summary>One movement of money: postings whose sum is zero.</summary>
public sealed record LedgerEntry
{
    private LedgerEntry(LedgerEntryKind kind, RentalId? rentalId, params IEnumerable<LedgerPosting> postings)
    {
        Kind = kind;
        RentalId = rentalId;
        Postings = [.. postings.Where(posting => posting.Amount != MicroUsd.Zero)];

        MicroUsd sum = Postings.Aggregate(MicroUsd.Zero, (total, posting) => total + posting.Amount);
        if (sum != MicroUsd.Zero)
            throw new InvalidOperationException($"A ledger entry must sum to zero, but this {kind} sums to {sum}.");
    }

    public LedgerEntryKind Kind { get; }

    /// <summary>The rental that caused the movement, if any.</summary>
    public RentalId? RentalId { get; }

    public IReadOnlyList<LedgerPosting> Postings { get; }

    public static LedgerEntry Deposit(AccountId owner, MicroUsd amount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amount, MicroUsd.Zero);
        return new(LedgerEntryKind.Deposit, null, new(LedgerAccount.ExternalCash, -amount), new(LedgerAccount.WalletOf(owner), amount));
    }

    /// <summary>The renter's wallet pays the whole rental into escrow.</summary>
    public static LedgerEntry Charge(Rental rental) =>
        new(LedgerEntryKind.RentalCharge, rental.Id,
            new(LedgerAccount.WalletOf(rental.RenterId), -rental.Paid), new(LedgerAccount.Escrow, rental.Paid));

    /// <summary>Escrow pays out a rental that has ended: the earned part to the farmer, the refund to the renter.</summary>
    public static LedgerEntry Settlement(Rental rental)
    {
        if (rental.Status == RentalStatus.Active)
            throw new InvalidOperationException($"Rental {rental.Id} has not ended.");

        return new(LedgerEntryKind.RentalSettlement, rental.Id,
            new(LedgerAccount.Escrow, -rental.Paid),
            new(LedgerAccount.WalletOf(rental.FarmerId), rental.Paid - rental.Refunded),
            new(LedgerAccount.WalletOf(rental.RenterId), rental.Refunded));
    }
}
