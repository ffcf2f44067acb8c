using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mycelium.Testing;

/// <summary>Certificates that encrypt the key ring of replicas under test, as PEM files that are deleted with this process.</summary>
public static class KeyRingCertificate
{
    private static readonly Lazy<string> shared = new(Make);

    /// <summary>The path of the certificate that all replicas of this process share.</summary>
    public static string Path => shared.Value;

    /// <summary>Creates a certificate and returns its path.</summary>
    public static string Make()
    {
        using var key = RSA.Create(2048); // Faster to generate than a larger key.
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string folder = Directory.CreateTempSubdirectory("mycelium-certificate-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string path = System.IO.Path.Combine(folder, "key-ring.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return path;
    }
}
