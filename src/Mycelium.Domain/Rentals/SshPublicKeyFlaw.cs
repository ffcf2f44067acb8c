namespace Mycelium.Domain.Rentals;

/// <summary>What is wrong with an SSH public key.</summary>
public enum SshPublicKeyFlaw
{
    /// <summary>Nothing was given.</summary>
    Empty,

    /// <summary>It is longer than any accepted key.</summary>
    TooLong,

    /// <summary>It is a private key, which must never leave its owner.</summary>
    PrivateKey,

    /// <summary>It is not one line of printable text.</summary>
    NotOneLine,

    /// <summary>The kind of key is not ssh-ed25519, ecdsa-sha2-nistp256, -nistp384, -nistp521 or ssh-rsa.</summary>
    UnknownKind,

    /// <summary>The part after the kind is missing or not base64.</summary>
    NotBase64,

    /// <summary>The encoded key is of a different kind than its first word.</summary>
    KindMismatch,

    /// <summary>The encoded key is truncated, too long, or not a valid key of its kind.</summary>
    Malformed,

    /// <summary>An RSA key of fewer than 3,072 bits.</summary>
    RsaTooShort,

    /// <summary>An RSA key of more than 16 384 bits.</summary>
    RsaTooLong,
}

internal static class SshPublicKeyFlaws
{
    public static string Explain(SshPublicKeyFlaw flaw) => flaw switch
    {
        SshPublicKeyFlaw.Empty => "Provide an SSH public key: the one line in a file such as id_ed25519.pub.",
        SshPublicKeyFlaw.TooLong => "This is too long for an SSH public key.",
        SshPublicKeyFlaw.PrivateKey =>
            "This is a private key. Consider it exposed: create a new pair and provide the public key (the file that ends in .pub).",
        SshPublicKeyFlaw.NotOneLine => "An SSH public key is one line of printable text.",
        SshPublicKeyFlaw.UnknownKind => "The key must begin with ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521 or ssh-rsa.",
        SshPublicKeyFlaw.NotBase64 => "The part after the kind of key is missing or not base64.",
        SshPublicKeyFlaw.KindMismatch => "The key is of a different kind than its first word.",
        SshPublicKeyFlaw.Malformed => "The key is damaged: copy the whole line again.",
        SshPublicKeyFlaw.RsaTooShort => "An RSA key must have at least 3072 bits. An ed25519 key is better.",
        SshPublicKeyFlaw.RsaTooLong => "An RSA key can have at most 16384 bits.",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "Unknown flaw."),
    };
}
