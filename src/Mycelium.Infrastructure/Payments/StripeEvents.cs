using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Stripe;
using Stripe.Checkout;

namespace Mycelium.Infrastructure.Payments;

/// <summary>One event of the payment provider, signed by it.</summary>
/// <param name="Id">Events are sent again until they are answered; the ID stays.</param>
/// <param name="Type">Such as <c>charge.refunded</c>.</param>
/// <param name="News">What it says of a payment; null if nothing that moves money here.</param>
/// <param name="Flaw">Why an event that should move money does not; null for all others.</param>
public sealed record PaymentEvent(string Id, string Type, PaymentNews? News, string? Flaw = null);

/// <summary>Reads Stripe's events: checks their signatures, and says what they mean for a payment. Whatever else they say is nobody's business here.</summary>
public sealed class StripeEvents(IOptions<PaymentOptions> options, TimeProvider clock)
{
    /// <summary>The key of metadata that names the account.</summary>
    public const string AccountKey = "account_id";

    /// <summary>A caught request is of no use after this; Stripe signs every attempt again. Its own recommendation.</summary>
    private static readonly TimeSpan tolerance = TimeSpan.FromMinutes(5);

    private const string Dollars = "usd";

    /// <summary>False if the signature is missing, wrong or old, or the signed text is no event.</summary>
    public bool TryRead(string json, string signature, [NotNullWhen(true)] out PaymentEvent? read)
    {
        read = null;
        try
        {
            EventUtility.ValidateSignature(
                json, signature, options.Value.WebhookSecret, (long)tolerance.TotalSeconds, clock.GetUtcNow().ToUnixTimeSeconds());
            using (JsonDocument whole = JsonDocument.Parse(json))
            {
                if (whole.RootElement.ValueKind != JsonValueKind.Object)
                    return false;
            }
            // Events are of the version that the provider's settings name; the fields that are used here are the same in all.
            Event signed = EventUtility.ParseEvent(json, throwOnApiVersionMismatch: false);
            if (signed is not { Id.Length: > 0 and <= 255, Type.Length: > 0 and <= 100 })
                return false;
            read = Understand(signed);
            return true;
        }
        catch (Exception wrong) when (wrong is StripeException or JsonException)
        {
            return false;
        }
    }

    private static PaymentEvent Understand(Event signed) => (signed.Type, signed.Data?.Object) switch
    {
        (EventTypes.CheckoutSessionCompleted or EventTypes.CheckoutSessionAsyncPaymentSucceeded, Session { PaymentStatus: "paid" } session) => Of(
            signed, session.PaymentIntentId, session.Currency, session.AmountTotal ?? 0,
            amount => new PaymentNews(
                session.PaymentIntentId, Account(session.Metadata) ?? Account(session.ClientReferenceId), Received: amount)),
        (EventTypes.PaymentIntentSucceeded, PaymentIntent intent) => Of(
            signed, intent.Id, intent.Currency, intent.AmountReceived,
            amount => new PaymentNews(intent.Id, Account(intent.Metadata), Received: amount)),
        (EventTypes.ChargeRefunded, Charge charge) => Of(
            signed, charge.PaymentIntentId, charge.Currency, charge.AmountRefunded,
            amount => new PaymentNews(charge.PaymentIntentId, Account(charge.Metadata), Refunded: amount)),
        (EventTypes.ChargeDisputeCreated or EventTypes.ChargeDisputeUpdated or EventTypes.ChargeDisputeClosed or EventTypes.ChargeDisputeFundsWithdrawn
            or EventTypes.ChargeDisputeFundsReinstated, Dispute dispute) => Of(
            signed, dispute.PaymentIntentId, dispute.Currency, dispute.Amount,
            amount => new PaymentNews(dispute.PaymentIntentId, Dispute: new PaymentDispute(dispute.Id, amount, Stage(signed.Type, dispute.Status)))),
        _ => new PaymentEvent(signed.Id, signed.Type, null),
    };

    private static DisputeStage Stage(string type, string? status) => (type, status) switch
    {
        (EventTypes.ChargeDisputeFundsReinstated, _) or (_, "won") => DisputeStage.Reinstated,
        (EventTypes.ChargeDisputeFundsWithdrawn, _) or (_, "needs_response" or "under_review" or "lost") => DisputeStage.Withdrawn,
        _ => DisputeStage.Inquiry,
    };

    private static PaymentEvent Of(Event signed, string? payment, string? currency, long cents, Func<MicroUsd, PaymentNews> news)
    {
        string? flaw = payment is not { Length: > 0 and <= 255 } ? "It names no payment."
            : currency != Dollars ? "It is not in US dollars."
            : cents is < 0 or > MaxCents ? "Its amount is out of range."
            : null;
        return new(signed.Id, signed.Type, flaw is null ? news(MicroUsd.From(cents * TopUpPolicy.MicroUsdPerCent)) : null, flaw);
    }

    /// <summary>More than the provider takes at once; with it, no sum leaves 64 bits.</summary>
    private const long MaxCents = 100_000_000;

    private static AccountId? Account(Dictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(AccountKey, out string? text) ? Account(text) : null;

    private static AccountId? Account(string? text) => Guid.TryParseExact(text, "D", out Guid id) ? new AccountId(id) : null;
}
