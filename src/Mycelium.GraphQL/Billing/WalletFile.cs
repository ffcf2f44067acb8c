using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.GraphQL.Callers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Billing;

/// <summary>
/// The entries of the caller's wallet as a file: <c>GET /wallet/entries.csv?from=2026-01-01&amp;to=2027-01-01</c>, oldest first. It is read and sent in pieces;
/// entries never change, so no transaction is held for a slow reader.
/// </summary>
public static class WalletFile
{
    public const string Path = "/wallet/entries.csv";

    /// <summary>
    /// How many rows follow, the line of names aside. A header, since the number is known before the first row is read, and a last line would be an entry to
    /// whoever reads the file line by line. A file with fewer rows was cut off.
    /// </summary>
    public const string CountHeader = "Row-Count";

    /// <summary>As for a list: a statement weighs 10 points, and a row a tenth.</summary>
    private const int PointsOfPage = 10 + Limits.WalletFilePage / 10;

    private static readonly string[] columns = ["sequence", "id", "createdAt", "kind", "amount", "balanceAfter", "rentalId", "message"];

    public static void MapWalletFile(this WebApplication app) => app.MapGet(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(string? from, string? to, HttpContext context, WalletHistory history, CallerMeter meter)
    {
        if (context.User.AccountId() is not { } owner)
            return Unauthenticated(context);
        if (!TryRead(from, out DateTimeOffset first) || !TryRead(to, out DateTimeOffset end) || end <= first)
            return Refuse(
                StatusCodes.Status400BadRequest, ErrorCodes.BadUserInput,
                "Send from and to, a later one: days such as 2026-11-01, or instants such as 2026-11-01T12:00:00Z. The file ends before to.");
        if (end - first > TimeSpan.FromDays(Limits.WalletFileDaysMax))
            return Refuse(
                StatusCodes.Status400BadRequest, ErrorCodes.LimitExceeded, $"A file has at most {Limits.WalletFileDaysMax} days. Request several.",
                ("limit", "walletFileDays"), ("max", Limits.WalletFileDaysMax));
        try
        {
            WalletSpan span = await history.SpanAsync(owner, first, end, context.RequestAborted);
            long pages = 1 + span.Count / Limits.WalletFilePage;
            return await meter.TryChargeAsync(context, (int)Math.Min(int.MaxValue, pages * PointsOfPage), context.RequestAborted) is { } wait
                ? TooMany(context, wait)
                : await SendAsync(context, history, span, $"wallet-{first:yyyy-MM-dd}-{end:yyyy-MM-dd}.csv");
        }
        catch (StoreUnavailableException) when (!context.Response.HasStarted)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, StoreErrors.Message, ("retryable", true));
        }
        catch (StoreUnavailableException)
        {
            context.Abort(); // What was sent looks like a whole file otherwise.
            return Results.Empty;
        }
    }

    private static async Task<IResult> SendAsync(HttpContext context, WalletHistory history, WalletSpan span, string name)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        response.Headers.CacheControl = "no-store";
        response.Headers[CountHeader] = span.Count.ToString(CultureInfo.InvariantCulture);
        var csv = new CsvText();
        foreach (string column in columns)
            csv.Text(column);
        csv.EndLine();
        await response.Body.WriteAsync(csv.Take(), context.RequestAborted);
        while (span.Count > 0)
        {
            List<WalletEntry> entries = await history.EntriesAsync(span, Limits.WalletFilePage, context.RequestAborted);
            if (entries.Count == 0)
                throw new StoreUnavailableException("Entries are missing: the database is another one than when the file began.", isRetryable: true);
            foreach (WalletEntry entry in entries)
                Write(csv, entry);
            await response.Body.WriteAsync(csv.Take(), context.RequestAborted);
            span = span.After(entries.Count);
        }
        return Results.Empty;
    }

    /// <summary>Names and values as in the schema, so that a row is found there again.</summary>
    private static void Write(CsvText csv, WalletEntry entry) => csv
        .Number(entry.Sequence)
        .Text(NodeId.Encode("LedgerEntry", entry.Id.Value))
        .Text(entry.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture))
        .Text(JsonNamingPolicy.SnakeCaseUpper.ConvertName(entry.Kind.ToString()))
        .Number(entry.Amount)
        .Number(entry.BalanceAfter)
        .Text(entry.RentalId is { } rental ? NodeId.Encode("Rental", rental.Value) : null)
        .Text(entry.Message)
        .EndLine();

    /// <summary>A day begins at midnight in UTC; an instant names its zone.</summary>
    private static bool TryRead(string? text, out DateTimeOffset instant)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            instant = new(day, TimeOnly.MinValue, TimeSpan.Zero);
            return true;
        }
        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
    }

    private static ProblemHttpResult Unauthenticated(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refuse(
            StatusCodes.Status401Unauthorized, ErrorCodes.Unauthenticated, "Sign in first: send the token from /account/login as Authorization: Bearer ….");
    }

    private static ProblemHttpResult TooMany(HttpContext context, TimeSpan wait)
    {
        int seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(
            StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, $"You have used your points of this minute. Try again in {seconds} s.",
            ("retryAfterSeconds", seconds));
    }

    private static ProblemHttpResult Refuse(int status, string code, string detail, params IEnumerable<(string Name, object Value)> more) =>
        TypedResults.Problem(
            detail, statusCode: status,
            extensions: more.Prepend((Name: "code", Value: code)).Select(item => KeyValuePair.Create(item.Name, (object?)item.Value)));
}
