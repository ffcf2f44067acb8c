using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL;

/// <summary>The error that clients get when PostgreSQL, Redis, a grid or a provisioner did not respond. It is temporary, so clients may retry.</summary>
public sealed class StoreErrors(StoreGate gate, ILogger<StoreErrors> logger) : IErrorFilter
{
    internal const string Message = "The service is temporarily unavailable. Try again shortly, with the same idempotency key if there is one.";

    public GraphQLError? OnError(Exception exception)
    {
        if (Unavailable(exception) is not { } unavailable)
            return null;

        logger.LogWarning(unavailable, "A store did not respond.");
        return new GraphQLError(Message, ErrorCodes.Unavailable)
        {
            Extensions = new Dictionary<string, object?> { ["retryable"] = unavailable.IsRetryable },
        };
    }

    /// <summary>
    /// The HTTP status for endpoints without GraphQL. Text that PostgreSQL cannot store is the caller's mistake; an unavailable store is
    /// not.
    /// </summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when PostgresFailures.IsRefusedValue(exception) => StatusCodes.Status400BadRequest,
        // The deadline has passed, or the client has left and reads no response.
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ when PostgresFailures.AsUnavailable(exception) is not null => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>
    /// Operations throw <see cref="StoreUnavailableException"/> themselves; queries run where the engine enumerates them, and throw the
    /// driver's exception. A request that timed out while PostgreSQL was unavailable was waiting for it.
    /// </summary>
    private StoreUnavailableException? Unavailable(Exception exception) => exception is OperationTimedOutException
        ? gate.ClosedBecause is null ? null : new StoreUnavailableException("PostgreSQL is unavailable.", isRetryable: true, exception)
        : exception is ProvisionerException ? new StoreUnavailableException("A provisioner did not respond.", isRetryable: true, exception)
        : PostgresFailures.AsUnavailable(exception);
}
