using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>The code that the authenticator of an account's owner shows: RFC 6238, six digits, steps of half a minute.</summary>
internal static class Totp
{
    public static async Task<string> NowAsync(UserManager<Account> accounts, Account account)
    {
        byte[] key = FromBase32((await accounts.GetAuthenticatorKeyAsync(account))!);
        byte[] step = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // Required by the RFC.
        byte[] hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        int code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (code % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] FromBase32(string text)
    {
        BigInteger value = 0;
        foreach (char character in text)
            value = (value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal);
        int bits = text.Length * 5;
        value >>= bits % 8;
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[(bits / 8) - bytes.Length], .. bytes];
    }
}
