using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Makes the keys that protect bearer tokens and quotes, by the database's clock and one replica at a time. ASP.NET Core would leave it to each replica's own clock, and
/// one that is an hour slow takes the others' first key for one of the future, makes its own, and issues what nobody else accepts.
/// </summary>
public sealed partial class KeyRing(
    IKeyManager keys, IDataProtectionProvider protection, IOptions<KeyManagementOptions> options, NpgsqlDataSource database, Restores restores, TimeProvider clock, ILogger<KeyRing> logger)
    : BackgroundService
{
    /// <summary>Of all replicas of all versions; never change it.</summary>
    private const long LockKey = 7_301_977_002;

    /// <summary>A new key waits this long to be used. Every replica reads the ring again within a day; the rest is for clocks that are days off.</summary>
    private static readonly TimeSpan lead = TimeSpan.FromDays(7);

    private static readonly TimeSpan period = TimeSpan.FromHours(1);

    private volatile TaskCompletionSource restored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sees to it that there is a key for now, and one for when it expires. Any number of replicas may do this at once.</summary>
    public Task<bool> EnsureAsync(CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await connection.Send($"SELECT pg_advisory_xact_lock({LockKey})").RunAsync(cancellation).ConfigureAwait(false);
            await using var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection); // Not market_now(): keys and tokens last for as long as machines count.
            var now = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!);
            bool isNew = Ensure(now);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return isNew;
        },
        cancellation);

    /// <summary>Has the ring read where that is due, so that no request has to.</summary>
    public void Read() => protection.CreateProtector(nameof(KeyRing)).Protect([]);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        restores.Happened += () => restored.TrySetResult(); // The database may be of a time before the keys of now were made.
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(period, clock, stoppingToken), restored.Task).ConfigureAwait(false);
            restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await EnsureAsync(stoppingToken).ConfigureAwait(false);
                Read();
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) // The next look comes long before the key expires.
            {
                LogFailed(failure);
            }
        }
    }

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys for tokens and quotes could not be looked at; trying again")]
    private partial void LogFailed(Exception failure);
}
