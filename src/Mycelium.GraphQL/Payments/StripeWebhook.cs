using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Payments;

/// <summary>
/// <c>POST /payments/stripe</c>: Stripe's events. Without a secret to check them with, the path does not exist. Every status but 200 makes Stripe send the
/// event again, for up to three days; what was taken in, and what says nothing about money, is 200.
/// </summary>
public static class StripeWebhook
{
    public const string Path = "/payments/stripe";

    private const string SignatureHeader = "Stripe-Signature";

    public static void MapStripeWebhook(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<PaymentOptions>>().Value.WebhookSecret.Length > 0)
            app.MapPost(Path, AnswerAsync);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, StripeEvents events, RecordPayment record)
    {
        if (await ReadAsync(context) is not { } json)
            return Refuse(StatusCodes.Status413PayloadTooLarge, ErrorCodes.LimitExceeded, $"An event has at most {Limits.PaymentEventBytesMax} bytes.");
        if (!events.TryRead(json, context.Request.Headers[SignatureHeader].ToString(), out PaymentEvent? signed))
            return Refuse(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "The signature is missing, wrong or old, or this is no event.");
        try
        {
            await record.Execute(signed, context.RequestAborted);
            return TypedResults.Ok();
        }
        catch (StoreUnavailableException)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, StoreErrors.Message);
        }
    }

    /// <summary>The text as it was signed; null if there is too much of it, of which no more is read than that.</summary>
    private static async Task<string?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > Limits.PaymentEventBytesMax)
            return null;
        byte[] buffer = new byte[Limits.PaymentEventBytesMax + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        return length > Limits.PaymentEventBytesMax ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static ProblemHttpResult Refuse(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [KeyValuePair.Create("code", (object?)code)]);
}
