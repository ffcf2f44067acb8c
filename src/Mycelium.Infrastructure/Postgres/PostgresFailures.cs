using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Tells what went wrong in PostgreSQL apart: it was not there, others were in the way, or we made a mistake.</summary>
public static class PostgresFailures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>PostgreSQL was not there or gave up for its own reasons: the exception for it, or null when the failure is of another kind.</summary>
    public static StoreUnavailableException? AsUnavailable(Exception exception) => IsUnavailable(exception)
        ? new StoreUnavailableException("PostgreSQL did not answer in time.", isRetryable: true, exception)
        : null;

    /// <summary>PostgreSQL does not take a value: a text with U+0000, or one that is too long for its column.</summary>
    public static bool IsRefusedValue(Exception exception) => Find(exception) is PostgresException { SqlState: ['2', '2', ..] };

    /// <summary>A row with the same key was there first.</summary>
    public static bool IsDuplicate(Exception exception) => Find(exception) is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Others held what we needed for too long, or were chosen over us; nothing was done.</summary>
    internal static bool IsContention(Exception exception) => Find(exception) is PostgresException
    {
        SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    };

    /// <summary>Somebody kept a row lock for longer than we wait.</summary>
    internal static bool IsLockTimeout(Exception exception) => Find(exception) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    private static bool IsUnavailable(Exception exception) => Find(exception) switch
    {
        PostgresException failure => failure.SqlState[..2] is "08" or "53" or "57" or "58" || failure.SqlState == IdleInTransactionTimeout,
        NpgsqlException => true, // The driver's own: no connection, the pool is exhausted, a time-out, a connection that broke.
        SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    private static Exception? Find(Exception exception) => exception switch
    {
        NpgsqlException or SocketException or TimeoutException or IOException => exception,
        DbUpdateException or InvalidOperationException => exception.InnerException is { } inner ? Find(inner) : null,
        _ => null,
    };
}
