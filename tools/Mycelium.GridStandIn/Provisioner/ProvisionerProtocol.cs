using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>
/// Speaks the protocol of <c>docs/provisioner.md</c> below <c>/provisioner</c>: checks the signature of a request, and signs its answer. Written from that page
/// alone, so that both sides agree because the page is right.
/// </summary>
internal sealed class ProvisionerProtocol(StandInOptions options, ProvisionerRequests requests)
{
    private const int BodyMax = 64 * 1_024;
    private const long SkewMax = 300;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly byte[] secret = Encoding.UTF8.GetBytes(options.ProvisionerSecret ?? "");

    public async Task AnswerAsync(HttpContext context)
    {
        byte[]? body = await ReadAsync(context);
        if (body is null || !IsSigned(context.Request, body, out string signature))
        {
            context.Response.StatusCode = body is null ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status401Unauthorized;
            return;
        }
        ProvisionerAnswer answer = await requests.AnswerAsync(context, body);
        byte[] sent = answer.Body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(answer.Body, Json);
        Sign(context, signature, answer.Status, sent);
        context.Response.StatusCode = answer.Status;
        if (sent.Length == 0)
            return;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = sent.Length;
        await context.Response.Body.WriteAsync(sent, context.RequestAborted);
    }

    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > BodyMax)
            return null;
        using var body = new MemoryStream();
        byte[] buffer = new byte[8 * 1_024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            if (body.Length + count > BodyMax)
                return null;
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }

    private bool IsSigned(HttpRequest request, byte[] body, out string signature)
    {
        signature = request.Headers["X-Mycelium-Signature"].ToString();
        string target = request.PathBase + request.Path + request.QueryString.ToUriComponent();
        return secret.Length > 0
            && request.Headers["X-Mycelium-Key"] == options.ProvisionerKeyId
            && long.TryParse(request.Headers["X-Mycelium-Timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
            && Math.Abs(timestamp - Now()) <= SkewMax
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Hmac($"mycelium-provisioner-v1\nrequest\n{request.Method}\n{target}\n{timestamp}\n{Hash(body)}", secret)),
                Encoding.ASCII.GetBytes(signature));
    }

    private void Sign(HttpContext context, string requestSignature, int status, byte[] body)
    {
        long timestamp = Now();
        byte[] key = secret;
        switch (ProvisionerFaults.Of(context).Signature)
        {
            case "unsigned":
                return;
            case "wrong-signature":
                key = Encoding.UTF8.GetBytes("the secret of an impostor, which is not ours");
                break;
            case "late":
                timestamp -= SkewMax + 60;
                break;
        }
        string text = string.Create(
            CultureInfo.InvariantCulture, $"mycelium-provisioner-v1\nresponse\n{requestSignature}\n{status}\n{timestamp}\n{Hash(body)}");
        context.Response.Headers["X-Mycelium-Key"] = options.ProvisionerKeyId;
        context.Response.Headers["X-Mycelium-Timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Mycelium-Signature"] = Hmac(text, key);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Hash(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static string Hmac(string text, byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}

/// <param name="Body">Null for none.</param>
internal sealed record ProvisionerAnswer(int Status, object? Body);
