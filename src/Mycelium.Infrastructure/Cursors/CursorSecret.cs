using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Cursors;

/// <summary>
/// Signs cursors with a secret that all replicas share, so that a client can hand back only positions that it was given. It is stored once, protected by the
/// key ring, and made again when the keys that protect it were revoked: cursors from before are then void, as those of a lost time are.
/// </summary>
public sealed class CursorSecret
{
    /// <summary>HMAC-SHA-256, cut: 16 bytes cannot be guessed, and a page has a hundred of them.</summary>
    public const int SealLength = 16;

    /// <summary>Identifies the secret that a cursor was signed with.</summary>
    public const int PrintLength = 4;

    /// <summary>Of all replicas of all versions; never change it.</summary>
    private const long LockKey = 7_301_977_004;

    private const int PurposeLength = 32;
    private const int SecretLength = 32;

    private readonly NpgsqlDataSource database;
    private readonly IDataProtector protector;
    private volatile Secret? current;

    public CursorSecret(NpgsqlDataSource database, IDataProtectionProvider protection)
    {
        this.database = database;
        protector = protection.CreateProtector("Mycelium.Cursors.v1");
    }

    /// <summary>The same for every cursor of one secret, and not secret itself.</summary>
    public ReadOnlySpan<byte> Print => Current.Print;

    private Secret Current => current ?? throw StoreGate.Unavailable(); // No cursor is sealed or opened before there is one.

    /// <summary>Reads the secret, or makes it. Any number of replicas may do this at once; all of them get the same.</summary>
    public Task<bool> EnsureAsync(CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            byte[]? found = await ReadAsync(connection, cancellation).ConfigureAwait(false);
            if (found is null)
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                await connection.Send($"SELECT pg_advisory_xact_lock({LockKey})").RunAsync(cancellation).ConfigureAwait(false);
                found = await ReadAsync(connection, cancellation).ConfigureAwait(false);
                if (found is null)
                {
                    found = RandomNumberGenerator.GetBytes(SecretLength);
                    await connection.Send(
                        "INSERT INTO cursor_keys (protected_secret) VALUES ($1)", protector.Protect(found)).RunAsync(cancellation).ConfigureAwait(false);
                }
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
            if (current is not { } known || !known.Is(found))
                current = new Secret(found);
            return true;
        },
        cancellation);

    /// <param name="purpose">What the content means, in 32 bytes: a seal for one purpose fits no other.</param>
    /// <param name="content">What is sealed.</param>
    /// <param name="seal">Gets <see cref="SealLength"/> bytes.</param>
    public void Seal(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, Span<byte> seal)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(purpose.Length, PurposeLength);
        Secret secret = Current;
        if (!secret.Hashes.TryTake(out IncrementalHash? hash))
            hash = secret.NewHash();
        hash.AppendData(purpose);
        hash.AppendData(content);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        secret.Hashes.Add(hash);
        whole[..SealLength].CopyTo(seal);
    }

    /// <summary>Whether the seal is ours. Takes the same time whichever byte is wrong.</summary>
    public bool Fits(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal)
    {
        Span<byte> right = stackalloc byte[SealLength];
        Seal(purpose, content, right);
        return CryptographicOperations.FixedTimeEquals(right, seal);
    }

    /// <summary>Null when there is none, or none can be opened.</summary>
    private async Task<byte[]?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand("SELECT protected_secret FROM cursor_keys ORDER BY id DESC LIMIT 1", connection);
        if (await read.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not byte[] stored)
            return null;
        try
        {
            return protector.Unprotect(stored);
        }
        // Data protection reports the same for a key that it could not read at this moment, which is no reason to invalidate every cursor.
        catch (CryptographicException failure) when (failure.InnerException is not { } inner || PostgresFailures.AsUnavailable(inner) is null)
        {
            return null;
        }
    }

    /// <summary>A reused hash takes 1 µs for a cursor, a new one 2.6; and a page has a hundred cursors.</summary>
    private sealed class Secret(byte[] bytes)
    {
        /// <summary>As many as were ever in use at the same time.</summary>
        public ConcurrentBag<IncrementalHash> Hashes { get; } = [];

        public byte[] Print { get; } = SHA256.HashData(bytes)[..PrintLength];

        public IncrementalHash NewHash() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, bytes);

        public bool Is(byte[] other) => CryptographicOperations.FixedTimeEquals(bytes, other);
    }
}
