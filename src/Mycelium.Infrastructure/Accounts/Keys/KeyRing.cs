using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Cursors;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Makes the keys that protect bearer tokens and quotes, by the database's clock and one replica at a time. ASP.NET Core would leave it to each replica's own
/// clock, and one whose clock is an hour slow takes the others' first key for one of the future, makes its own, and issues tokens that no other replica
/// accepts.
/// </summary>
public sealed partial class KeyRing : PeriodicJob
{
    /// <summary>Of all replicas of all versions; never change it.</summary>
    private const long LockKey = 7_301_977_002;

    /// <summary>A new key waits this long to be used. Every replica reads the ring again within a day; the rest is for clocks that are days off.</summary>
    private static readonly TimeSpan lead = TimeSpan.FromDays(7);

    /// <summary>How often a new key is considered.</summary>
    private static readonly TimeSpan ensurePeriod = TimeSpan.FromHours(1);

    private readonly IKeyManager keys;
    private readonly KeyRings rings;
    private readonly KeyCertificates certificates;
    private readonly IOptions<KeyManagementOptions> options;
    private readonly NpgsqlDataSource database;
    private readonly CursorSecret cursors;
    private readonly TimeProvider clock;
    private readonly ILogger<KeyRing> logger;
    private (long Count, int Last) seen;
    private long ensuredAt;

    internal KeyRing(
        IKeyManager keys, KeyRings rings, KeyCertificates certificates, IOptions<KeyManagementOptions> options, NpgsqlDataSource database, CursorSecret cursors,
        Restores restores, JobRuns runs, TimeProvider clock, ILogger<KeyRing> logger)
        : base("keep_keys", runs, clock, logger)
    {
        (this.keys, this.rings, this.certificates, this.options) = (keys, rings, certificates, options);
        (this.database, this.cursors, this.clock, this.logger) = (database, cursors, clock, logger);
        ensuredAt = clock.GetTimestamp();
        restores.Happened += () => restored.TrySetResult(); // The database may date from before the current keys were made.
    }

    private volatile TaskCompletionSource restored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sees to it that there is a key for now, and one for when it expires. Any number of replicas may do this at once.</summary>
    public Task<bool> EnsureAsync(CancellationToken cancellation) => AloneAsync((_, now) => Task.FromResult(Ensure(now)), cancellation);

    /// <summary>
    /// Revokes every key that was ever stored without a certificate, after making one that is wrapped by the current certificate. Tokens and quotes of those
    /// keys end; replicas that run learn it within a minute.
    /// </summary>
    /// <param name="by">The actor.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many were revoked; null without a certificate: a new key would lie open like the others, and nothing is done.</returns>
    public async Task<int?> RevokeOpenAsync(Actor by, CancellationToken cancellation)
    {
        if (certificates.Current is null)
            return null;
        return await AloneAsync(
            async (connection, now) =>
            {
                IReadOnlyList<Guid> open = await OpenKeys.FindAsync(connection, cancellation).ConfigureAwait(false);
                if (open.Count == 0)
                    return 0;
                await AuditRevocationAsync(by, open, cancellation).ConfigureAwait(false);
                keys.CreateNewKey(DateTimeOffset.UnixEpoch, now + options.Value.NewKeyLifetime); // Active on every clock, at once.
                foreach (Guid key in open)
                    keys.RevokeKey(key, "It was stored without a certificate.");
                return open.Count;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Data protection writes keys on a connection of its own, so the entry is committed before: keys that were revoked without one would never get it, and an
    /// entry whose act was interrupted is followed by another one.
    /// </summary>
    private Task<bool> AuditRevocationAsync(Actor by, IReadOnlyList<Guid> open, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await new NpgsqlBatch(connection)
                .ThenAudit(new PrivilegedAct(
                    by, AuditAction.KeysRevoked, AuditSubject.KeyRing, "data_protection_keys", Before: new { OpenKeys = open },
                    After: new { OpenKeys = Array.Empty<Guid>() }))
                .RunAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>Has the ring read where that is due, so that no request has to.</summary>
    public void Read() => rings.GetCurrentKeyRing();

    /// <summary>Reads the ring again if keys were made, revoked or deleted since the last time.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        (long Count, int Last) now = await database.UseAsync(
            async connection =>
            {
                await using var ask = new NpgsqlCommand("SELECT count(*), coalesce(max(id), 0) FROM data_protection_keys", connection);
                await using NpgsqlDataReader reader = await ask.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await reader.ReadAsync(cancellation).ConfigureAwait(false);
                return (reader.GetInt64(0), reader.GetInt32(1));
            },
            cancellation).ConfigureAwait(false);
        if (now == seen)
            return;
        rings.Read();
        seen = now;
    }

    /// <summary>How often a replica checks whether another has made or revoked a key.</summary>
    protected override TimeSpan Interval => TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken cancellation)
    {
        bool isEnsured = !restored.Task.IsCompleted && clock.GetElapsedTime(ensuredAt) < ensurePeriod;
        restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!isEnsured)
        {
            await EnsureAsync(cancellation).ConfigureAwait(false);
            ensuredAt = clock.GetTimestamp();
        }
        await FollowAsync(cancellation).ConfigureAwait(false);
        Read();
        await cursors.EnsureAsync(cancellation).ConfigureAwait(false); // What it is protected by may have been revoked.
    }

    protected override Task WaitAsync(CancellationToken cancellation) => restored.Task.WaitAsync(Interval, clock, cancellation);

    /// <summary>Does something while no other replica does any of it.</summary>
    private Task<T> AloneAsync<T>(Func<NpgsqlConnection, DateTimeOffset, Task<T>> work, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            // Keys are written on another connection, the first time after seconds in which this one is idle; a time-out must not end it, and release the lock.
            await connection.Send("SET LOCAL idle_in_transaction_session_timeout = '60s'").Then($"SELECT pg_advisory_xact_lock({LockKey})")
                .RunAsync(cancellation).ConfigureAwait(false);
            DateTimeOffset now;
            // Not market_now(): keys and tokens last for as long as machines count.
            await using (var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection))
                now = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!);
            T result = await work(connection, now).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return result;
        },
        cancellation);

    private bool Ensure(DateTimeOffset now)
    {
        DateTimeOffset[] ends = [.. keys.GetAllKeys().Where(key => !key.IsRevoked).Select(key => key.ExpirationDate)];
        DateTimeOffset lastEnd = ends.Length == 0 ? now : ends.Max();
        if (lastEnd > now + lead)
            return false;
        // The first key is active on every clock.
        DateTimeOffset beginning = ends.Length == 0 ? DateTimeOffset.UnixEpoch : Later(now, lastEnd);
        keys.CreateNewKey(beginning, Later(now, lastEnd) + options.Value.NewKeyLifetime);
        LogMade(beginning);
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, Message = "A new key for tokens and quotes is in use from {Beginning}")]
    private partial void LogMade(DateTimeOffset beginning);
}
