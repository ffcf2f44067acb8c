using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Classifies what went wrong in PostgreSQL: it was unavailable, others held the rows, or we made a mistake.</summary>
public static class PostgresFailures
{
    private const string IdleInTransactionTimeout = "25P03";
    private const string CompletionUnknown = "40003";

    /// <summary>
    /// PostgreSQL was unavailable, gave up for its own reasons, or preferred other transactions: the exception for it, or null for a failure of another kind.
    /// </summary>
    public static StoreUnavailableException? AsUnavailable(Exception exception) => Find(exception) switch
    {
        StoreUnavailableException known => known,
        _ when IsContention(exception) => new StoreUnavailableException("Others are changing the same rows.", isRetryable: true, exception),
        _ when IsAbsence(exception) => new StoreUnavailableException("PostgreSQL did not answer in time.", isRetryable: true, exception),
        _ => null,
    };

    /// <summary>PostgreSQL does not accept a value: a text with U+0000, or one that is too long for its column.</summary>
    public static bool IsRefusedValue(Exception exception) => Find(exception) is PostgresException { SqlState: ['2', '2', ..] };

    /// <summary>A row with the same key was there first.</summary>
    public static bool IsDuplicate(Exception exception) => Find(exception) is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Other transactions held what we needed for too long, or were preferred (class 40); nothing was done.</summary>
    internal static bool IsContention(Exception exception) =>
        Find(exception) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or (['4', '0', ..] and not CompletionUnknown) };

    /// <summary>Another transaction kept a row lock for longer than we wait.</summary>
    internal static bool IsLockTimeout(Exception exception) => Find(exception) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>PostgreSQL was unavailable or gave up; it is not known whether anything was done.</summary>
    internal static bool IsAbsence(Exception exception) => Find(exception) switch
    {
        StoreUnavailableException => true,
        PostgresException failure => failure.SqlState[..2] switch
        {
            "08" => true, // The connection failed.
            "28" or "3D" => true, // It refuses our login, or the database does not exist: an operator changes a password, or restores a backup.
            "53" => true, // Out of memory, disk or connections.
            // A statement timed out or was cancelled (57014); the server stops, starts or crashed (57P01 to 57P03); the database was dropped (57P04).
            "57" => true,
            "58" => true, // Its disk or its files fail.
            "40" => failure.SqlState is CompletionUnknown,
            // We were idle for too long; or it is a standby by now.
            "25" => failure.SqlState is IdleInTransactionTimeout or PostgresErrorCodes.ReadOnlySqlTransaction,
            _ => false,
        },
        NpgsqlException => true, // The driver's own: no connection, the pool is exhausted, a time-out, a connection that broke.
        SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    private static Exception? Find(Exception exception) => exception switch
    {
        NpgsqlException or SocketException or TimeoutException or IOException or StoreUnavailableException => exception,
        DbUpdateException or InvalidOperationException => exception.InnerException is { } inner ? Find(inner) : null,
        _ => null,
    };
}
