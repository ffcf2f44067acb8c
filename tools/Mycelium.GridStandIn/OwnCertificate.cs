using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mycelium.GridStandIn;

/// <summary>
/// A certificate of the stand-in's own, signed by nobody and new at each start, for who reads grids by https alone. Its key never leaves the process; the certificate is written where those
/// who shall trust it can read it.
/// </summary>
internal static class OwnCertificate
{
    /// <param name="file">Where it is written, as PEM; a file that is there is replaced.</param>
    /// <param name="names">The host names and addresses it is for, separated by commas.</param>
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
        // A day before now, for machines whose clocks are behind.
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        string written = file + ".new";
        File.WriteAllText(written, certificate.ExportCertificatePem());
        File.Move(written, file, overwrite: true); // Nobody reads half of it.
        return certificate;
    }
}
