using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL;

/// <summary>What clients see when PostgreSQL, Redis or the grid did not answer: not our mistake, and worth another try.</summary>
public sealed class StoreErrors(StoreGate gate, ILogger<StoreErrors> logger) : IErrorFilter
{
    internal const string Message = "The service cannot do this at the moment. Try again shortly, with the same idempotency key where there is one.";

    public GraphQLError? OnError(Exception exception)
    {
        if (Unavailable(exception) is not { } unavailable)
            return null;

        logger.LogWarning(unavailable, "A store did not answer.");
        return new GraphQLError(Message, ErrorCodes.Unavailable)
        {
            Extensions = new Dictionary<string, object?> { ["retryable"] = unavailable.IsRetryable },
        };
    }

    /// <summary>The same for endpoints without GraphQL: a text that PostgreSQL cannot hold is the caller's mistake, a store that is gone is nobody's.</summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when PostgresFailures.IsRefusedValue(exception) => StatusCodes.Status400BadRequest,
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable, // The deadline; nobody reads what is answered to a client that has left.
        _ when PostgresFailures.AsUnavailable(exception) is not null => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Operations tell it themselves; a query runs wherever the engine enumerates it, and shows the driver's own exception. Who ran out of time while PostgreSQL is gone waited for it.</summary>
    private StoreUnavailableException? Unavailable(Exception exception) => exception is OperationTimedOutException
        ? gate.ClosedBecause is null ? null : new StoreUnavailableException("PostgreSQL is not there.", isRetryable: true, exception)
        : PostgresFailures.AsUnavailable(exception);
}
