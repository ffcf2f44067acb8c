using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mycelium.GridStandIn;

/// <summary>
/// A self-signed certificate of the stand-in, new at each start, for clients that read grids only over HTTPS. Its key never leaves the
/// process. The certificate is written to a file, so that clients can trust it.
/// </summary>
internal static class OwnCertificate
{
    /// <param name="file">The PEM file to write; an existing file is replaced.</param>
    /// <param name="names">The host names and addresses of the certificate, separated by commas.</param>
    public static X509Certificate2 Make(string file, string names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] all = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var request = new CertificateRequest($"CN={all[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in all)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        // Valid from a day ago, for machines whose clocks are behind.
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        string written = file + ".new";
        File.WriteAllText(written, certificate.ExportCertificatePem());
        File.Move(written, file, overwrite: true); // So that nobody reads half a file.
        return certificate;
    }
}
