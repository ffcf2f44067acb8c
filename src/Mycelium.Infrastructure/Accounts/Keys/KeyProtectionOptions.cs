namespace Mycelium.Infrastructure.Accounts;

/// <summary>What wraps the keys for tokens and quotes where they are stored: section <c>DataProtection</c>.</summary>
public sealed class KeyProtectionOptions
{
    public const string Section = "DataProtection";

    /// <summary>The path of an RSA certificate with its private key, PEM or PFX: <c>make-certificate</c> writes one. Only Development runs without.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The path of the private key in PEM, when it is not in the file of the certificate.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>Opens the private key, of the old certificates too; empty when it is not encrypted.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>
    /// Paths of the certificates before and after, separated by commas, each with its private key in the same file: keys that they wrapped are read.
    /// </summary>
    public string OldCertificates { get; set; } = "";
}
