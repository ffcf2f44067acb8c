using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mycelium.GridStandIn.Payments;

/// <summary>One payment, and what has become of it.</summary>
internal sealed class Payment(string id, Guid account, long cents)
{
    public string Id => id;
    public Guid Account => account;
    public long Cents => cents;
    public long RefundedCents { get; set; }
    public long DisputedCents { get; set; }
}

/// <summary>Sends events as Stripe does: signed by the same scheme, in the same form, and again until they are answered with 200.</summary>
internal sealed class PaymentProvider(StandInOptions options) : IDisposable
{
    private const int AttemptsMax = 20;
    private static readonly TimeSpan retryDelay = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, Payment> payments = new(StringComparer.Ordinal);
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Payment? Find(string id) => payments.GetValueOrDefault(id);

    /// <summary>A payment has two events that say the same.</summary>
    public async Task<Payment> PayAsync(Guid account, long cents, int repeat, CancellationToken cancellation)
    {
        var payment = new Payment($"pi_{Unique()}", account, cents);
        payments[payment.Id] = payment;
        await SendAsync("payment_intent.succeeded", new JsonObject
        {
            ["id"] = payment.Id,
            ["object"] = "payment_intent",
            ["amount"] = cents,
            ["amount_received"] = cents,
            ["currency"] = "usd",
            ["status"] = "succeeded",
            ["metadata"] = Metadata(payment),
        }, repeat, cancellation);
        await SendAsync("checkout.session.completed", new JsonObject
        {
            ["id"] = $"cs_{Unique()}",
            ["object"] = "checkout.session",
            ["mode"] = "payment",
            ["payment_status"] = "paid",
            ["payment_intent"] = payment.Id,
            ["amount_total"] = cents,
            ["currency"] = "usd",
            ["client_reference_id"] = account.ToString(),
            ["metadata"] = Metadata(payment),
        }, repeat, cancellation);
        return payment;
    }

    /// <summary>The event says how much was refunded in all.</summary>
    public Task RefundAsync(Payment payment, long cents, int repeat, CancellationToken cancellation)
    {
        payment.RefundedCents = Math.Min(payment.Cents, payment.RefundedCents + cents);
        return SendAsync("charge.refunded", new JsonObject
        {
            ["id"] = $"ch_{payment.Id[3..]}",
            ["object"] = "charge",
            ["payment_intent"] = payment.Id,
            ["amount"] = payment.Cents,
            ["amount_refunded"] = payment.RefundedCents,
            ["currency"] = "usd",
            ["metadata"] = Metadata(payment),
        }, repeat, cancellation);
    }

    public async Task DisputeAsync(Payment payment, long cents, int repeat, CancellationToken cancellation)
    {
        payment.DisputedCents = Math.Min(payment.Cents, cents);
        await SendAsync("charge.dispute.created", Dispute(payment, "needs_response"), repeat, cancellation);
        await SendAsync("charge.dispute.funds_withdrawn", Dispute(payment, "needs_response"), repeat, cancellation);
    }

    public async Task WinAsync(Payment payment, int repeat, CancellationToken cancellation)
    {
        await SendAsync("charge.dispute.funds_reinstated", Dispute(payment, "won"), repeat, cancellation);
        await SendAsync("charge.dispute.closed", Dispute(payment, "won"), repeat, cancellation);
    }

    public void Dispose() => http.Dispose();

    private static JsonObject Dispute(Payment payment, string status) => new()
    {
        ["id"] = $"dp_{payment.Id[3..]}",
        ["object"] = "dispute",
        ["payment_intent"] = payment.Id,
        ["charge"] = $"ch_{payment.Id[3..]}",
        ["amount"] = payment.DisputedCents,
        ["currency"] = "usd",
        ["status"] = status,
    };

    private static JsonObject Metadata(Payment payment) => new() { ["account_id"] = payment.Account.ToString() };

    private static string Unique() => Guid.NewGuid().ToString("N");

    private async Task SendAsync(string type, JsonObject about, int repeat, CancellationToken cancellation)
    {
        string json = new JsonObject
        {
            ["id"] = $"evt_{Unique()}",
            ["object"] = "event",
            ["api_version"] = "2025-09-30.clover",
            ["created"] = Now(),
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["type"] = type,
            ["data"] = new JsonObject { ["object"] = about },
        }.ToJsonString();
        for (int sent = 0; sent < repeat; sent++)
            await SendUntilAnsweredAsync(json, cancellation);
    }

    private async Task SendUntilAnsweredAsync(string json, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, options.PaymentWebhook);
                request.Headers.TryAddWithoutValidation("Stripe-Signature", Sign(json));
                request.Content = new StringContent(json, Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.SendAsync(request, cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
                // Nobody is there: again, as below.
            }
            if (attempt >= AttemptsMax)
                throw new InvalidOperationException("The market does not take the event.");
            await Task.Delay(retryDelay, cancellation);
        }
    }

    private string Sign(string json)
    {
        long timestamp = Now();
        byte[] signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(options.PaymentSecret ?? ""), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{timestamp}.{json}")));
        return string.Create(CultureInfo.InvariantCulture, $"t={timestamp},v1={Convert.ToHexStringLower(signature)}");
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
