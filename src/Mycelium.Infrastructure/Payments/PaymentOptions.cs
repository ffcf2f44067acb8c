using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Payments;

/// <summary>How renters pay: section <c>Payments</c>. Without it there is no payment provider, and operators deposit.</summary>
public sealed class PaymentOptions
{
    public const string Section = "Payments";

    /// <summary>
    /// What the provider signs its events with (<c>whsec_…</c>), at least <see cref="SecretLengthMin"/> characters. Without it, <c>/payments/stripe</c> does
    /// not exist. Never in a log.
    /// </summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>
    /// The address of a page where an account pays, with <c>{account}</c> and <c>{cents}</c> in it, such as a payment link:
    /// <c>https://buy.stripe.com/…?client_reference_id={account}&amp;__prefilled_amount={cents}</c>.
    /// </summary>
    public string CheckoutUrl { get; set; } = "";

    /// <summary>The provider's key (<c>sk_…</c>), for a checkout of exactly the requested amount. Used if there is no <see cref="CheckoutUrl"/>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Where the provider's API is; empty for its own address.</summary>
    public string ApiBase { get; set; } = "";

    /// <summary>Where the provider sends the payer afterwards: a page of the application.</summary>
    public string ReturnUrl { get; set; } = "";

    /// <summary>The smallest amount, in dollars. Providers take no less than 50 cents.</summary>
    public decimal AmountMin { get; set; } = 1m;

    /// <summary>The largest amount, in dollars: a bound on what a stolen card can do at once.</summary>
    public decimal AmountMax { get; set; } = 10_000m;

    /// <summary>How long the provider may take to open a checkout.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    public const int SecretLengthMin = 16;

    public TopUpPolicy ToPolicy() => new(Micro(AmountMin), Micro(AmountMax));

    private static MicroUsd Micro(decimal dollars) => MicroUsd.From((long)(dollars * 1_000_000m));
}
