using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Opens no payload whose key is unknown, and looks for such a key at most once a minute: forged tokens and quotes cost the database nothing. A replica
/// that lacks a key which another has just made finds it by that look-up, or by <see cref="KeyRing"/>, which looks as often.
/// </summary>
internal sealed class GuardedProtection(IDataProtectionProvider provider, KeyRings rings, TimeProvider clock) : IDataProtectionProvider
{
    internal static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A look-up takes some milliseconds. Longer than this, the table is slow, and threads that waited for it would be missing elsewhere.</summary>
    private static readonly TimeSpan waitForLook = TimeSpan.FromMilliseconds(250);

    /// <summary>How many callers may wait for it: callers with a new key are no more than this in that time, and forgers occupy no more threads.</summary>
    private const int WaitingMax = 32;

    /// <summary>The time after a failed look-up until the next one.</summary>
    private static readonly TimeSpan restAfterFailure = TimeSpan.FromSeconds(1);

    private int waitingCount;
    private long? failedAt;

    private readonly Lock looking = new();
    private long? lookedAt;

    public IDataProtector CreateProtector(string purpose) => new Protector(this, provider.CreateProtector(purpose));

    private void Check(ReadOnlySpan<byte> payload)
    {
        if (KeyOf(payload) is not { } key || (!rings.Has(key) && !LookFor(key)))
            throw new CryptographicException("The payload was not sealed by a key of this ring.");
    }

    /// <summary>One caller looks the key up. Others wait briefly in the meantime: their payload may name the key that is being read.</summary>
    /// <exception cref="StoreUnavailableException">The key could not be looked up: the payload may be valid.</exception>
    private bool LookFor(Guid key)
    {
        bool mayWait = Interlocked.Increment(ref waitingCount) <= WaitingMax;
        bool hasTurn = looking.TryEnter(mayWait ? waitForLook : TimeSpan.Zero);
        Interlocked.Decrement(ref waitingCount);
        if (!hasTurn)
            throw Unknown(null);
        try
        {
            if (rings.Has(key))
                return true;
            if (lookedAt is { } at && clock.GetElapsedTime(at) < LookPeriod)
                return false;
            if (failedAt is { } failed && clock.GetElapsedTime(failed) < restAfterFailure)
                throw Unknown(null);
            Read();
            return rings.Has(key);
        }
        finally
        {
            looking.Exit();
        }
    }

    /// <summary>Under the lock.</summary>
    private void Read()
    {
        try
        {
            rings.Read();
            (lookedAt, failedAt) = (clock.GetTimestamp(), null);
        }
        catch (Exception failure) // Of the store, or of a key that cannot be unwrapped.
        {
            failedAt = clock.GetTimestamp();
            throw Unknown(failure);
        }
    }

    private static StoreUnavailableException Unknown(Exception? failure) =>
        new("Whether there is a key for this cannot be looked up now.", isRetryable: true, failure);

    /// <summary>A payload begins with a constant and the id of its key.</summary>
    private static Guid? KeyOf(ReadOnlySpan<byte> payload)
    {
        const uint magic = 0x09F0C9F0;
        const int headerBytes = sizeof(uint) + 16;
        return payload.Length >= headerBytes && BinaryPrimitives.ReadUInt32BigEndian(payload) == magic ? new Guid(payload[sizeof(uint)..headerBytes]) : null;
    }

    private sealed class Protector(GuardedProtection guard, IDataProtector inner) : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => new Protector(guard, inner.CreateProtector(purpose));

        public byte[] Protect(byte[] plaintext) => inner.Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData)
        {
            guard.Check(protectedData);
            return inner.Unprotect(protectedData);
        }
    }
}
