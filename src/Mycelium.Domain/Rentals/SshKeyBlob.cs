using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// The decoded base64 of an SSH public key: fields, each a length of four bytes followed by that many bytes (RFC 4253 6.6, RFC 5656, RFC
/// 8709).
/// </summary>
internal static class SshKeyBlob
{
    private const int Ed25519Length = 32;
    private const int RsaBitsMin = 3_072;
    private const int RsaBitsMax = 16_384;

    private static readonly Dictionary<string, (string Name, ECCurve Curve, int CoordinateLength)> curves = new()
    {
        ["ecdsa-sha2-nistp256"] = ("nistp256", ECCurve.NamedCurves.nistP256, 32),
        ["ecdsa-sha2-nistp384"] = ("nistp384", ECCurve.NamedCurves.nistP384, 48),
        ["ecdsa-sha2-nistp521"] = ("nistp521", ECCurve.NamedCurves.nistP521, 66),
    };

    public static bool IsKnown(string kind) => kind is "ssh-ed25519" or "ssh-rsa" || curves.ContainsKey(kind);

    /// <summary>What is wrong with the key, or null if it is a valid key of this kind.</summary>
    public static SshPublicKeyFlaw? Check(string kind, ReadOnlySpan<byte> blob)
    {
        if (!TryField(ref blob, out ReadOnlySpan<byte> inner))
            return SshPublicKeyFlaw.Malformed;
        if (!inner.SequenceEqual(Encoding.ASCII.GetBytes(kind)))
            return SshPublicKeyFlaw.KindMismatch;

        return kind switch
        {
            "ssh-ed25519" => CheckEd25519(blob),
            "ssh-rsa" => CheckRsa(blob),
            _ => CheckEcdsa(kind, blob),
        };
    }

    private static SshPublicKeyFlaw? CheckEd25519(ReadOnlySpan<byte> rest) =>
        TryField(ref rest, out ReadOnlySpan<byte> key) && rest.IsEmpty && key.Length == Ed25519Length ? null : SshPublicKeyFlaw.Malformed;

    private static SshPublicKeyFlaw? CheckRsa(ReadOnlySpan<byte> rest)
    {
        if (!TryField(ref rest, out ReadOnlySpan<byte> exponentBytes) || !TryField(ref rest, out ReadOnlySpan<byte> modulusBytes) || !rest.IsEmpty)
            return SshPublicKeyFlaw.Malformed;

        var exponent = new BigInteger(exponentBytes, isUnsigned: false, isBigEndian: true);
        var modulus = new BigInteger(modulusBytes, isUnsigned: false, isBigEndian: true);
        if (exponent < 3 || exponent.IsEven || modulus.Sign <= 0 || modulus.IsEven || exponent >= modulus)
            return SshPublicKeyFlaw.Malformed;

        return modulus.GetBitLength() switch
        {
            < RsaBitsMin => SshPublicKeyFlaw.RsaTooShort,
            > RsaBitsMax => SshPublicKeyFlaw.RsaTooLong,
            _ => null,
        };
    }

    private static SshPublicKeyFlaw? CheckEcdsa(string kind, ReadOnlySpan<byte> rest)
    {
        (string name, ECCurve curve, int length) = curves[kind];
        if (!TryField(ref rest, out ReadOnlySpan<byte> curveName) || !TryField(ref rest, out ReadOnlySpan<byte> point) || !rest.IsEmpty)
            return SshPublicKeyFlaw.Malformed;
        if (!curveName.SequenceEqual(Encoding.ASCII.GetBytes(name)))
            return SshPublicKeyFlaw.KindMismatch;

        const byte uncompressed = 4;
        if (point.Length != 1 + 2 * length || point[0] != uncompressed)
            return SshPublicKeyFlaw.Malformed;
        return IsOnCurve(curve, point[1..(1 + length)], point[(1 + length)..]) ? null : SshPublicKeyFlaw.Malformed;
    }

    private static bool IsOnCurve(ECCurve curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        try
        {
            using ECDsa key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x.ToArray(), Y = y.ToArray() } });
            return true;
        }
        catch (CryptographicException)
        {
            return false; // The platform refuses a point that is not on the curve.
        }
    }

    private static bool TryField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (!BinaryPrimitives.TryReadUInt32BigEndian(rest, out uint length) || length > rest.Length - sizeof(uint))
            return false;

        field = rest.Slice(sizeof(uint), (int)length);
        rest = rest[(sizeof(uint) + (int)length)..];
        return true;
    }
}
