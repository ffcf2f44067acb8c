using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mycelium.GridStandIn.Payouts;

/// <summary>What a payout is on the wire.</summary>
public sealed record Payout(Guid? Id, Guid? AccountId, long? AmountMicroUsd, string? State, string? Reason);

/// <summary>
/// Speaks the protocol of <c>docs/payouts.md</c> below <c>/payouts</c>, and pays with money that does not exist. Written from that page alone, so that both
/// sides agree because the page is right.
/// </summary>
public sealed class PayoutSender
{
    private const int BodyMax = 16 * 1_024;
    private const long SkewMax = 300;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly byte[] secret;
    private readonly string? record;
    private readonly Lock recording = new();
    private readonly ConcurrentDictionary<Guid, Payout> payouts = [];
    private int attempts;

    public PayoutSender(StandInOptions options)
    {
        (secret, record, Outcome) = (Encoding.UTF8.GetBytes(options.PayoutSecret ?? ""), options.PayoutRecord, options.PayoutOutcome);
        foreach (Payout known in record is null ? [] : Read(record))
            payouts[known.Id!.Value] = known;
    }

    /// <summary>All that was ever asked for, once each.</summary>
    public IReadOnlyCollection<Payout> All => [.. payouts.Values];

    /// <summary>How often a payout was asked for: more often than there are payouts where an answer was lost.</summary>
    public int Attempts => attempts;

    /// <summary>What becomes of new payouts: <c>paid</c>, <c>failed</c> or <c>pending</c>.</summary>
    public string Outcome { get; set; }

    /// <summary>This many requests are carried out, and their answers lost.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Answers are signed with another secret.</summary>
    public bool IsImpostor { get; set; }

    /// <summary>All that a record says, which a sender may be writing.</summary>
    public static IReadOnlyList<Payout> Read(string record) =>
        File.Exists(record) ? [.. File.ReadAllLines(record).Select(line => JsonSerializer.Deserialize<Payout>(line, Json)!)] : [];

    /// <summary>What was pending ends.</summary>
    public void Finish(string state)
    {
        foreach (Payout pending in payouts.Values.Where(payout => payout.State == "pending"))
            payouts[pending.Id!.Value] = End(pending, state);
    }

    internal async Task AnswerAsync(HttpContext context, Guid id)
    {
        using var body = new MemoryStream();
        if (context.Request.ContentLength is > BodyMax)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!IsSigned(context.Request, body.ToArray(), out string signature))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        Payout? payout = context.Request.Method == "PUT" ? Put(id, body.ToArray()) : payouts.GetValueOrDefault(id);
        if (LostAnswers > 0)
        {
            LostAnswers--;
            context.Abort();
            return;
        }
        int status = payout is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        byte[] sent = payout is null ? [] : JsonSerializer.SerializeToUtf8Bytes(payout, Json);
        Sign(context.Response, signature, status, sent);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(sent, context.RequestAborted);
    }

    /// <summary>The first request decides; all others get its payout.</summary>
    private Payout? Put(Guid id, byte[] body)
    {
        Interlocked.Increment(ref attempts);
        if (JsonSerializer.Deserialize<Payout>(body, Json) is not { AmountMicroUsd: > 0 } wanted || wanted.Id != id)
            return null;
        lock (recording)
        {
            if (payouts.TryGetValue(id, out Payout? known))
                return known;
            Payout paid = End(wanted, Outcome);
            if (record is not null)
                File.AppendAllText(record, JsonSerializer.Serialize(paid, Json) + "\n");
            return payouts[id] = paid;
        }
    }

    private static Payout End(Payout payout, string state) =>
        payout with { State = state, Reason = state == "failed" ? "The account's bank details are wrong." : null };

    private bool IsSigned(HttpRequest request, byte[] body, out string signature)
    {
        signature = request.Headers["X-Mycelium-Signature"].ToString();
        string target = request.PathBase + request.Path + request.QueryString.ToUriComponent();
        return secret.Length > 0
            && request.Headers["X-Mycelium-Key"] == "mycelium"
            && long.TryParse(request.Headers["X-Mycelium-Timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
            && Math.Abs(timestamp - Now()) <= SkewMax
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Hmac($"mycelium-payouts-v1\nrequest\n{request.Method}\n{target}\n{timestamp}\n{Hash(body)}", secret)),
                Encoding.ASCII.GetBytes(signature));
    }

    private void Sign(HttpResponse response, string requestSignature, int status, byte[] body)
    {
        long timestamp = Now();
        string text = string.Create(CultureInfo.InvariantCulture, $"mycelium-payouts-v1\nresponse\n{requestSignature}\n{status}\n{timestamp}\n{Hash(body)}");
        response.Headers["X-Mycelium-Key"] = "mycelium";
        response.Headers["X-Mycelium-Timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Mycelium-Signature"] = Hmac(text, IsImpostor ? Encoding.UTF8.GetBytes("the secret of an impostor, which is not ours") : secret);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Hash(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static string Hmac(string text, byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
