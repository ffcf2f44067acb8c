using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Mycelium.GridStandIn.Payments;

/// <summary>The pages below <c>/payments</c>: where an account pays with money that does not exist, and where a payment is refunded or disputed.</summary>
internal static class CheckoutPages
{
    public static void MapPayments(this WebApplication app, PaymentProvider provider)
    {
        app.MapGet("/payments/checkout", (string? account, long? cents) => Page(Form(account, cents)));
        app.MapPost("/payments/checkout", async (HttpRequest request, CancellationToken cancellation) =>
        {
            IFormCollection form = await request.ReadFormAsync(cancellation);
            if (!Guid.TryParseExact(form["account"], "D", out Guid account) || !TryCents(form["cents"], out long cents))
                return Results.Text("An account's ID and 50 to 99999999 cents, please.", statusCode: StatusCodes.Status400BadRequest);
            Payment payment = await provider.PayAsync(account, cents, Repeat(form), cancellation);
            return Done(request, payment);
        });
        app.MapPost("/payments/v1/checkout/sessions", OpenSessionAsync);
        app.MapPost("/payments/{id}/{act}", async (string id, string act, HttpRequest request, CancellationToken cancellation) =>
        {
            IFormCollection form = await request.ReadFormAsync(cancellation);
            if (provider.Find(id) is not { } payment)
                return Results.NotFound();
            long cents = TryCents(form["cents"], out long given) ? given : payment.Cents;
            switch (act)
            {
                case "refund":
                    await provider.RefundAsync(payment, cents, Repeat(form), cancellation);
                    break;
                case "dispute":
                    await provider.DisputeAsync(payment, cents, Repeat(form), cancellation);
                    break;
                case "dispute-won":
                    await provider.WinAsync(payment, Repeat(form), cancellation);
                    break;
                default:
                    return Results.NotFound();
            }
            return Done(request, payment);
        });
    }

    /// <summary>The one request of Stripe's own API that is used: it opens a checkout.</summary>
    private static async Task<IResult> OpenSessionAsync(HttpRequest request, CancellationToken cancellation)
    {
        IFormCollection form = await request.ReadFormAsync(cancellation);
        if (!request.Headers.Authorization.ToString().StartsWith("Bearer sk_", StringComparison.Ordinal) || request.Headers["Idempotency-Key"].Count != 1)
            return Results.Json(new { error = new { type = "invalid_request_error", message = "no key" } }, statusCode: StatusCodes.Status401Unauthorized);
        string query = $"account={Uri.EscapeDataString(form["client_reference_id"].ToString())}&cents={form["line_items[0][price_data][unit_amount]"]}";
        return Results.Json(new { id = "cs_opened", @object = "checkout.session", url = $"{request.Scheme}://{request.Host}/payments/checkout?{query}" });
    }

    private static bool TryCents(string? text, out long cents) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cents) && cents is >= 50 and <= 99_999_999;

    /// <summary>How often each event is sent: a provider sends some twice.</summary>
    private static int Repeat(IFormCollection form) =>
        int.TryParse(form["repeat"], NumberStyles.None, CultureInfo.InvariantCulture, out int times) ? Math.Clamp(times, 1, 10) : 1;

    private static IResult Done(HttpRequest request, Payment payment) =>
        request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal) ? Results.Json(new { payment = payment.Id }) : Page(Paid(payment));

    private static string Form(string? account, long? cents) =>
        $"""
        <h1>Pay {Dollars(cents ?? 0)}</h1>
        <p>A stand-in for a payment provider: no money moves.</p>
        <form method="post">
        <input type="hidden" name="account" value="{HtmlEncoder.Default.Encode(account ?? "")}">
        <label>Cents <input name="cents" value="{cents ?? 1_000}"></label>
        <button>Pay</button>
        </form>
        """;

    private static string Paid(Payment payment) =>
        $"""
        <h1>{Dollars(payment.Cents)} is paid</h1>
        <p>Payment {payment.Id}. The market knows of it by now; close this page.</p>
        <form method="post" action="/payments/{payment.Id}/refund"><button>Refund it</button></form>
        <form method="post" action="/payments/{payment.Id}/dispute"><button>Dispute it</button></form>
        <form method="post" action="/payments/{payment.Id}/dispute-won"><button>End the dispute for the market</button></form>
        """;

    private static string Dollars(long cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100m:0.00} USD");

    private static IResult Page(string body) => Results.Content(
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Checkout</title><body>{body}</body></html>", "text/html", Encoding.UTF8);
}
