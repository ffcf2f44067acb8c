using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// An SSH public key as one line of an <c>authorized_keys</c> file without options: kind, base64, comment. Ed25519, ECDSA over the NIST curves, and
/// RSA from 3,072 bits; the key inside is parsed, not just its spelling.
/// </summary>
public sealed record SshPublicKey
{
    /// <summary>An RSA key of 16 384 bits has about 2 800 characters of base64; the rest is room for a comment.</summary>
    public const int LengthMax = 4_096;

    private const char ByteOrderMark = '\uFEFF';

    private SshPublicKey(string kind, string base64, string? comment, byte[] blob)
    {
        Kind = kind;
        Text = comment is null ? $"{kind} {base64}" : $"{kind} {base64} {comment}";
        Fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
    }

    /// <summary>Such as <c>ssh-ed25519</c>.</summary>
    public string Kind { get; }

    /// <summary>The line, with single spaces between its parts.</summary>
    public string Text { get; }

    /// <summary>As <c>ssh-keygen -l</c> shows it: <c>SHA256:</c> and 43 characters.</summary>
    public string Fingerprint { get; }

    public static SshPublicKey Parse(string? text) =>
        TryParse(text, out SshPublicKey? key, out InvalidSshPublicKey? problem) ? key : throw new FormatException(problem.Message);

    public static bool TryParse(
        string? text, [NotNullWhen(true)] out SshPublicKey? key, [NotNullWhen(false)] out InvalidSshPublicKey? problem)
    {
        SshPublicKeyFlaw? flaw = Read(Tidied(text ?? ""), out key);
        problem = flaw is { } found ? new(found) : null;
        return key is not null && problem is null;
    }

    public override string ToString() => Text;

    /// <summary>
    /// OpenSSH accepts tabs wherever it accepts spaces. Some Windows editors begin a file with a byte-order mark, which is invisible in
    /// pasted text.
    /// </summary>
    private static string Tidied(string text) => text.Trim().TrimStart(ByteOrderMark).Replace('\t', ' ').Trim();

    private static SshPublicKeyFlaw? Read(string text, out SshPublicKey? key)
    {
        key = null;
        if (text.Length == 0)
            return SshPublicKeyFlaw.Empty;
        if (text.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase))
            return SshPublicKeyFlaw.PrivateKey;
        if (text.Length > LengthMax)
            return SshPublicKeyFlaw.TooLong;
        if (!text.All(IsPrintable))
            return SshPublicKeyFlaw.NotOneLine;

        string[] parts = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string kind = parts[0];
        if (!SshKeyBlob.IsKnown(kind))
            return SshPublicKeyFlaw.UnknownKind;
        if (parts.Length < 2 || !TryDecode(parts[1], out byte[] blob))
            return SshPublicKeyFlaw.NotBase64;
        if (SshKeyBlob.Check(kind, blob) is { } flaw)
            return flaw;

        key = new(kind, parts[1], parts.Length > 2 ? parts[2] : null, blob);
        return null;
    }

    /// <summary>The comment may be in any language, but must not contain line breaks or invisible characters.</summary>
    private static bool IsPrintable(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool TryDecode(string base64, out byte[] blob)
    {
        blob = new byte[base64.Length];
        OperationStatus status = System.Buffers.Text.Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(base64), blob, out _, out int written);
        blob = blob[..written];
        return status == OperationStatus.Done && written > 0;
    }
}
