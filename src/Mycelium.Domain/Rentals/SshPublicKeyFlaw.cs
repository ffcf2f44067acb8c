namespace Mycelium.Domain.Rentals;

/// <summary>What is wrong with a text that should be an SSH public key.</summary>
public enum SshPublicKeyFlaw
{
    /// <summary>Nothing was given.</summary>
    Empty,

    /// <summary>It is longer than any accepted key.</summary>
    TooLong,

    /// <summary>It holds a private key, which must never leave its owner.</summary>
    PrivateKey,

    /// <summary>A key is one line of printable text.</summary>
    NotOneLine,

    /// <summary>The kind of key is not ssh-ed25519, ecdsa-sha2-nistp256, -nistp384, -nistp521 or ssh-rsa.</summary>
    UnknownKind,

    /// <summary>The part after the kind is missing or not base64.</summary>
    NotBase64,

    /// <summary>The key inside is of another kind than the text says.</summary>
    KindMismatch,

    /// <summary>The key inside is cut off, too long, or no key of its kind.</summary>
    Malformed,

    /// <summary>An RSA key of fewer than 3 072 bits.</summary>
    RsaTooShort,

    /// <summary>An RSA key of more than 16 384 bits.</summary>
    RsaTooLong,
}

internal static class SshPublicKeyFlaws
{
    public static string Explain(SshPublicKeyFlaw flaw) => flaw switch
    {
        SshPublicKeyFlaw.Empty => "Give an SSH public key, such as the one line of the file id_ed25519.pub.",
        SshPublicKeyFlaw.TooLong => "This is too long for an SSH public key.",
        SshPublicKeyFlaw.PrivateKey => "This is a private key. Keep it secret, consider it exposed, and give the public one (the file that ends in .pub).",
        SshPublicKeyFlaw.NotOneLine => "An SSH public key is one line of printable text.",
        SshPublicKeyFlaw.UnknownKind => "The key must begin with ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521 or ssh-rsa.",
        SshPublicKeyFlaw.NotBase64 => "The part after the kind of key is missing or not base64.",
        SshPublicKeyFlaw.KindMismatch => "The key is of another kind than its first word says.",
        SshPublicKeyFlaw.Malformed => "The key is damaged: copy the whole line again.",
        SshPublicKeyFlaw.RsaTooShort => "An RSA key needs at least 3072 bits; better, make an ed25519 key.",
        SshPublicKeyFlaw.RsaTooLong => "An RSA key has at most 16384 bits.",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "An unknown flaw."),
    };
}
