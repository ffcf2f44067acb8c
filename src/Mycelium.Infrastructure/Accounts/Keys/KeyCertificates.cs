using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>The certificate that wraps new keys, and all that unwrap stored ones.</summary>
/// <param name="Current">Null where keys lie open: in Development.</param>
/// <param name="All">The current one and the others.</param>
public sealed record KeyCertificates(X509Certificate2? Current, IReadOnlyList<X509Certificate2> All)
{
    /// <summary>Wrapping is RSA; smaller keys are within reach of an attacker with a copied backup and years of time.</summary>
    private const int KeyBitsMin = 2048;

    /// <summary>What <see cref="Make"/> makes: good until 2030 and beyond by every common recommendation.</summary>
    private const int KeyBits = 3072;

    private static readonly TimeSpan madeFor = TimeSpan.FromDays(3653);

    /// <exception cref="InvalidOperationException">
    /// A file is missing, or holds no RSA certificate with its private key. The message names the setting.
    /// </exception>
    public static KeyCertificates Load(KeyProtectionOptions options)
    {
        X509Certificate2[] others =
        [
            .. options.OldCertificates.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(path => Load(nameof(options.OldCertificates), path, "", options.CertificatePassword)),
        ];
        if (options.Certificate.Length == 0)
            return new(null, others);
        X509Certificate2 current = Load(nameof(options.Certificate), options.Certificate, options.CertificateKey, options.CertificatePassword);
        return new(current, [current, .. others]);
    }

    /// <summary>
    /// A self-signed certificate and its private key, as one PEM text. Its name and dates are never checked: it wraps keys and proves nothing.
    /// </summary>
    public static string Make(DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=Mycelium key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment, critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + madeFor);
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private static X509Certificate2 Load(string setting, string path, string keyPath, string password)
    {
        try
        {
            X509Certificate2 certificate = Read(path, keyPath, password);
            using RSA? key = certificate.GetRSAPrivateKey();
            return key?.KeySize >= KeyBitsMin
                ? certificate
                : throw new InvalidOperationException(
                    $"{KeyProtectionOptions.Section}:{setting}: '{path}' has no private RSA key of at least {KeyBitsMin} bits.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"{KeyProtectionOptions.Section}:{setting}: '{path}' cannot be read as a certificate with its private key: {failure.Message}", failure);
        }
    }

    private static X509Certificate2 Read(string path, string keyPath, string password)
    {
        bool isPem = File.ReadAllBytes(path).AsSpan().IndexOf("-----BEGIN "u8) >= 0;
        if (!isPem)
            return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        string keyFile = keyPath.Length > 0 ? keyPath : path;
        return password.Length > 0
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password, keyFile)
            : X509Certificate2.CreateFromPemFile(path, keyFile);
    }
}
