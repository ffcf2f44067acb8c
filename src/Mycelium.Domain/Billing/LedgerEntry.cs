using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>Why money moved.</summary>
public enum LedgerEntryKind
{
    /// <summary>An operator paid into a wallet.</summary>
    Deposit,

    /// <summary>A renter paid for a segment of a rental in advance.</summary>
    RentalCharge,

    /// <summary>A renewal that had been paid was given back before it started.</summary>
    RentalRefund,

    /// <summary>A rental ended, and its renter received what was not used. Before earnings were posted daily, it also paid the farmer.</summary>
    RentalSettlement,

    /// <summary>
    /// What rentals of a farmer earned since the last posting. It stays outside the wallet until the month is settled, so no wallet has such an entry.
    /// </summary>
    Earnings,

    /// <summary>A farmer's earnings of a month became spendable.</summary>
    EarningsSettlement,

    /// <summary>A payment arrived.</summary>
    PaymentReceived,

    /// <summary>A payment was refunded to its payer, or disputed.</summary>
    PaymentTakenBack,

    /// <summary>A payment that was disputed came back.</summary>
    PaymentReinstated,

    /// <summary>The wallet paid what the account owed.</summary>
    DebtPaid,

    /// <summary>An hour of metered rentals, their extras, and names was paid.</summary>
    MeteredCharge,

    /// <summary>A name was reserved, or returned from grace.</summary>
    NameCharge,

    /// <summary>An amount left the wallet to be paid out.</summary>
    WithdrawalRequested,

    /// <summary>It was paid out. No wallet has an entry of this kind.</summary>
    WithdrawalSettled,

    /// <summary>It came back: the withdrawal failed or was refused.</summary>
    WithdrawalReturned,

    /// <summary>A farmer, or the platform, paid a renter whose rental was ended early.</summary>
    Penalty,
}

/// <summary>An amount put into a ledger account, or taken from it when negative. Never zero.</summary>
public sealed record LedgerPosting(LedgerAccount Account, MicroUsd Amount);

/// <summary>What one rental earned with an entry.</summary>
/// <param name="RentalId">Which rental.</param>
/// <param name="Earned">The amount, the platform's fee included.</param>
/// <param name="Fee">The platform's part of it.</param>
public sealed record RentalEarning(RentalId RentalId, MicroUsd Earned, MicroUsd Fee);

/// <summary>One movement of money: postings whose sum is zero.</summary>
public sealed record LedgerEntry
{
    private LedgerEntry(LedgerEntryKind kind, RentalId? rentalId, int number, params IEnumerable<LedgerPosting> postings)
    {
        Kind = kind;
        RentalId = rentalId;
        Number = number;
        Postings = [.. postings.Where(posting => posting.Amount != MicroUsd.Zero)];

        MicroUsd sum = Postings.Aggregate(MicroUsd.Zero, (total, posting) => total + posting.Amount);
        if (sum != MicroUsd.Zero)
            throw new InvalidOperationException($"A ledger entry must sum to zero, but this {kind} sums to {sum}.");
    }

    public LedgerEntryKind Kind { get; }

    /// <summary>The rental that caused the movement, if any.</summary>
    public RentalId? RentalId { get; }

    /// <summary>Which of several of its kind for one rental: the number of the segment. 1 where there is one.</summary>
    public int Number { get; }

    public IReadOnlyList<LedgerPosting> Postings { get; }

    /// <summary>What the rental earned with it, if it did.</summary>
    public RentalEarning? Earning { get; private init; }

    /// <summary>Money from outside pays what the owner owes, and the rest goes into the wallet.</summary>
    public static LedgerEntry Deposit(AccountId owner, MicroUsd amount, MicroUsd owed = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amount, MicroUsd.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(owed, MicroUsd.Zero);
        MicroUsd toDebt = owed < amount ? owed : amount;
        return new(
            LedgerEntryKind.Deposit, null, 1, new(LedgerAccount.ExternalCash, -amount),
            new(LedgerAccount.DebtOf(owner), toDebt), new(LedgerAccount.WalletOf(owner), amount - toDebt));
    }

    /// <summary>The renter's wallet pays for a segment into escrow.</summary>
    public static LedgerEntry Charge(Rental rental, RentalSegment segment) =>
        new(LedgerEntryKind.RentalCharge, rental.Id, segment.Number,
            new(LedgerAccount.WalletOf(rental.RenterId), -segment.Paid), new(LedgerAccount.Escrow, segment.Paid));

    /// <summary>Escrow gives back a segment that has not started.</summary>
    public static LedgerEntry Refund(Rental rental, RentalSegment segment) =>
        new(LedgerEntryKind.RentalRefund, rental.Id, segment.Number,
            new(LedgerAccount.Escrow, -segment.Refunded), new(LedgerAccount.WalletOf(rental.RenterId), segment.Refunded));

    /// <summary>
    /// Escrow pays out what is left of a rental that has ended: to the farmer and the platform what was earned and not posted yet, to the renter what its
    /// segments gave back.
    /// </summary>
    public static LedgerEntry Settlement(Rental rental)
    {
        if (rental.IsLive)
            throw new InvalidOperationException($"Rental {rental.Id} has not ended.");

        MicroUsd earned = rental.Paid - rental.Refunded - rental.Earned;
        MicroUsd fee = rental.FeeOf(rental.Paid - rental.Refunded) - rental.FeeEarned;
        MicroUsd refund = rental.Segments.Where(segment => !segment.IsReturned).Aggregate(MicroUsd.Zero, (total, segment) => total + segment.Refunded);
        return new(LedgerEntryKind.RentalSettlement, rental.Id, 1,
            new(LedgerAccount.Escrow, -(earned + refund)),
            new(LedgerAccount.EarningsOf(rental.FarmerId), earned - fee),
            new(LedgerAccount.PlatformFees, fee),
            new(LedgerAccount.WalletOf(rental.RenterId), refund))
        {
            Earning = earned == MicroUsd.Zero ? null : new(rental.Id, earned, fee),
        };
    }
}
