using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// Signs requests to a provisioner or a payout sender and checks the signatures of the answers, as <c>docs/provisioner.md</c> describes. An answer is signed
/// together with the signature of its request, so it is the answer to no other.
/// </summary>
public sealed partial class ProvisionerKey
{
    /// <summary>Of a secret, in characters.</summary>
    public const int SecretLengthMin = 32;

    public const string KeyHeader = "X-Mycelium-Key";
    public const string TimestampHeader = "X-Mycelium-Timestamp";
    public const string SignatureHeader = "X-Mycelium-Signature";

    /// <summary>How far the clocks of both sides may differ, to either side.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromMinutes(5);

    private readonly byte[] secret;
    private readonly string protocol;

    /// <param name="id">The key's name.</param>
    /// <param name="secret">What both sides sign with.</param>
    /// <param name="protocol">The first line of what is signed, so that a signature of one protocol says nothing in another.</param>
    public ProvisionerKey(string id, byte[] secret, string protocol = "mycelium-provisioner-v1")
    {
        ArgumentNullException.ThrowIfNull(secret);
        (Id, this.secret, this.protocol) = (id, secret, protocol);
    }

    /// <summary>Which key this is, so that two may be in use while one replaces the other.</summary>
    public string Id { get; }

    public static bool IsId(string id) => IdPattern().IsMatch(id);

    /// <param name="method">In capitals.</param>
    /// <param name="target">The path and query as they are sent, escaped.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <param name="body">As it is sent; empty if there is none.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string SignRequest(string method, string target, long timestamp, ReadOnlySpan<byte> body) =>
        Sign("request", $"{method}\n{target}", timestamp, body);

    /// <param name="requestSignature">Of the request that is answered.</param>
    /// <param name="status">Of HTTP.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <param name="body">As it is sent; empty if there is none.</param>
    public string SignResponse(string requestSignature, int status, long timestamp, ReadOnlySpan<byte> body) =>
        Sign("response", string.Create(CultureInfo.InvariantCulture, $"{requestSignature}\n{status}"), timestamp, body);

    /// <summary>Takes the same time whatever differs.</summary>
    public static bool AreEqual(string computed, string received) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(received));

    /// <summary>The secret is not text.</summary>
    public override string ToString() => Id;

    private string Sign(string direction, string subject, long timestamp, ReadOnlySpan<byte> body)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{protocol}\n{direction}\n{subject}\n{timestamp}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
