using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>How the sender says that a payout stands.</summary>
public enum PayoutState { Pending, Paid, Failed }

/// <param name="State">How it stands. Paid and failed never change.</param>
/// <param name="Reason">Why it failed, for people.</param>
public sealed record PayoutReport(PayoutState State, string? Reason);

/// <summary>The sender did not answer, or its answer cannot be believed: what became of the payout is not known, and is asked later.</summary>
public sealed class PayoutException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// Talks to the payout sender (<c>docs/payouts.md</c>). Requests and answers are signed as a provisioner's are, in a protocol of its own. Nothing is retried
/// here: whoever calls asks later what became of the payout.
/// </summary>
public sealed class PayoutClient : IDisposable
{
    private const int AnswerBytesMax = 64 * 1_024;
    private const int ReasonLengthMax = 400;

    private readonly HttpClient http;
    private readonly PayoutOptions options;
    private readonly TimeProvider clock;

    public PayoutClient(IOptions<PayoutOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options.Value, clock);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = this.options.RequestTimeout,
        };
    }

    /// <summary>Null when the sender does not know the withdrawal: it has paid nothing for it.</summary>
    /// <exception cref="PayoutException">It is not known.</exception>
    public async Task<PayoutReport?> FindAsync(WithdrawalId id, CancellationToken cancellation)
    {
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Get, id, [], cancellation).ConfigureAwait(false);
        return status == HttpStatusCode.NotFound ? null : Read(status, body, id);
    }

    /// <summary>Pays a withdrawal out. Said again, it pays nothing more, and says how the payout stands.</summary>
    /// <exception cref="PayoutException">It is not known.</exception>
    public async Task<PayoutReport> PutAsync(WithdrawalId id, Guid account, MicroUsd amount, CancellationToken cancellation)
    {
        byte[] wanted = JsonSerializer.SerializeToUtf8Bytes(new PayoutJson(id.Value, account, amount.Value, null, null), PayoutsJson.Default.PayoutJson);
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Put, id, wanted, cancellation).ConfigureAwait(false);
        return Read(status, body, id);
    }

    public void Dispose() => http.Dispose();

    private static PayoutReport Read(HttpStatusCode status, byte[] body, WithdrawalId id)
    {
        try
        {
            if (status == HttpStatusCode.OK && JsonSerializer.Deserialize(body, PayoutsJson.Default.PayoutJson) is { } answer && answer.Id == id.Value)
            {
                string? reason = answer.Reason is { Length: > ReasonLengthMax } text ? text[..ReasonLengthMax] : answer.Reason;
                switch (answer.State)
                {
                    case "pending":
                        return new(PayoutState.Pending, null);
                    case "paid":
                        return new(PayoutState.Paid, null);
                    case "failed":
                        return new(PayoutState.Failed, reason);
                }
            }
        }
        catch (JsonException wrong)
        {
            throw new PayoutException("The payout sender's answer is no JSON.", wrong);
        }
        throw new PayoutException($"The payout sender answered {(int)status}, and says nothing about the payout.");
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, WithdrawalId id, byte[] body, CancellationToken cancellation)
    {
        try
        {
            var target = new Uri(new Uri(options.BaseUrl.TrimEnd('/') + "/"), $"payouts/{id}");
            long timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
            string signature = options.Key.SignRequest(method.Method, target.PathAndQuery, timestamp, body);
            using var request = new HttpRequestMessage(method, target);
            request.Headers.Add(ProvisionerKey.KeyHeader, options.KeyId);
            request.Headers.Add(ProvisionerKey.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(ProvisionerKey.SignatureHeader, signature);
            if (body.Length > 0)
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using HttpResponseMessage response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            byte[] received = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            return IsSigned(response, received, signature)
                ? (response.StatusCode, received)
                : throw new PayoutException($"The payout sender answered {(int)response.StatusCode}, without its signature.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new PayoutException("The payout sender did not answer.", failure);
        }
    }

    private bool IsSigned(HttpResponseMessage response, byte[] body, string requestSignature) =>
        long.TryParse(Header(response, ProvisionerKey.TimestampHeader), NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
        && Math.Abs(timestamp - clock.GetUtcNow().ToUnixTimeSeconds()) <= (long)ProvisionerKey.SkewMax.TotalSeconds
        && Header(response, ProvisionerKey.KeyHeader) == options.KeyId
        && ProvisionerKey.AreEqual(
            options.Key.SignResponse(requestSignature, (int)response.StatusCode, timestamp, body), Header(response, ProvisionerKey.SignatureHeader));

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) && values.ToArray() is [var only] ? only : "";
}

/// <summary>A payout on the wire, both ways.</summary>
internal sealed record PayoutJson(Guid? Id, Guid? AccountId, long? AmountMicroUsd, string? State, string? Reason);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, MaxDepth = 4, NumberHandling = JsonNumberHandling.Strict, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PayoutJson))]
internal sealed partial class PayoutsJson : JsonSerializerContext;
