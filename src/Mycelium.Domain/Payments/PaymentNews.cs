using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Payments;

/// <summary>
/// What a payment provider says of one payment. Every amount is the total so far, so that news may come twice, late and in any order: what counts is the
/// largest that was ever said.
/// </summary>
/// <param name="PaymentId">The payment's ID at the provider, 1 to 255 characters.</param>
/// <param name="AccountId">Whom it is for; null where this news does not say.</param>
/// <param name="Received">All that was paid, or null.</param>
/// <param name="Refunded">All that was refunded, or null.</param>
/// <param name="Dispute">How one of its disputes stands, or null.</param>
public sealed record PaymentNews(
    string PaymentId, AccountId? AccountId = null, MicroUsd? Received = null, MicroUsd? Refunded = null, PaymentDispute? Dispute = null);

/// <summary>A payer's bank asks for the money back.</summary>
/// <param name="Id">The dispute's ID at the provider, 1 to 255 characters.</param>
/// <param name="Amount">How much of the payment it is about.</param>
/// <param name="Stage">How far it is.</param>
public sealed record PaymentDispute(string Id, MicroUsd Amount, DisputeStage Stage);

/// <summary>How far a dispute is. It never goes back. The database stores the numbers.</summary>
public enum DisputeStage
{
    /// <summary>A question, which moves no money.</summary>
    Inquiry = 0,

    /// <summary>The provider has taken the money, for the time being or for good.</summary>
    Withdrawn = 1,

    /// <summary>The provider has given it back.</summary>
    Reinstated = 2,
}

/// <summary>What a payment moved in the ledger.</summary>
/// <param name="AccountId">Whose wallet, or debt.</param>
/// <param name="PaymentId">Our own ID of the payment.</param>
/// <param name="Kind">The kind of the entry.</param>
/// <param name="Number">Which entry of the payment: 1, 2, 3 …</param>
/// <param name="Amount">What the account gained; negative for what it lost.</param>
public sealed record PaymentMovement(AccountId AccountId, Guid PaymentId, LedgerEntryKind Kind, long Number, MicroUsd Amount);
