using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Stripe;
using Stripe.Checkout;

namespace Mycelium.Infrastructure.Payments;

/// <summary>Where an account pays an amount: a page that the settings name, or a checkout that the provider opens.</summary>
public interface ICheckout
{
    /// <returns>The address of a page; null if the provider does not answer.</returns>
    Task<Uri?> OpenAsync(AccountId account, MicroUsd amount, CancellationToken cancellation);
}

/// <summary>A page that the settings name, with the account and the cents in its address.</summary>
internal sealed class PageCheckout(PaymentOptions options) : ICheckout
{
    public Task<Uri?> OpenAsync(AccountId account, MicroUsd amount, CancellationToken cancellation) => Task.FromResult<Uri?>(new Uri(options.CheckoutUrl
        .Replace("{account}", account.ToString(), StringComparison.Ordinal)
        .Replace("{cents}", (amount.Value / TopUpPolicy.MicroUsdPerCent).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
}

/// <summary>A checkout session of Stripe, for exactly the amount. Asked twice within some minutes, it is the same session.</summary>
internal sealed class StripeCheckout : ICheckout, IDisposable
{
    /// <summary>A session lives for a day; a new one after this leaves no one with an old one.</summary>
    private static readonly TimeSpan sameFor = TimeSpan.FromMinutes(10);

    private readonly PaymentOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly SessionService sessions;

    public StripeCheckout(PaymentOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        http = new HttpClient { Timeout = options.RequestTimeout };
        sessions = new SessionService(new StripeClient(
            options.ApiKey, httpClient: new SystemNetHttpClient(http, maxNetworkRetries: 0, enableTelemetry: false),
            apiBase: options.ApiBase.Length > 0 ? options.ApiBase : null));
    }

    public async Task<Uri?> OpenAsync(AccountId account, MicroUsd amount, CancellationToken cancellation)
    {
        long cents = amount.Value / TopUpPolicy.MicroUsdPerCent;
        long slot = clock.GetUtcNow().Ticks / sameFor.Ticks;
        var wanted = new SessionCreateOptions
        {
            Mode = "payment",
            ClientReferenceId = account.ToString(),
            Metadata = new() { [StripeEvents.AccountKey] = account.ToString() },
            PaymentIntentData = new() { Metadata = new() { [StripeEvents.AccountKey] = account.ToString() } },
            SuccessUrl = options.ReturnUrl,
            CancelUrl = options.ReturnUrl,
            LineItems =
            [
                new()
                {
                    Quantity = 1,
                    PriceData = new() { Currency = "usd", UnitAmount = cents, ProductData = new() { Name = "Wallet top-up" } },
                },
            ],
        };
        var request = new RequestOptions { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"top-up/{account}/{cents}/{slot}") };
        try
        {
            Session session = await sessions.CreateAsync(wanted, request, cancellation).ConfigureAwait(false);
            return Uri.TryCreate(session.Url, UriKind.Absolute, out Uri? address) ? address : null;
        }
        catch (Exception failure) when (failure is StripeException or HttpRequestException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
