namespace Mycelium.Infrastructure.Postgres;

/// <summary>PostgreSQL did not answer, or not in time.</summary>
/// <param name="isRetryable">
/// The same request may be sent again: either nothing was done, or it is not known, and the request carries an idempotency key that finds out.
/// </param>
public sealed class StoreUnavailableException(string message, bool isRetryable, Exception? innerException = null) : Exception(message, innerException)
{
    public bool IsRetryable { get; } = isRetryable;
}
