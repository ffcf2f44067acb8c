using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL;

/// <summary>What clients see when PostgreSQL, Redis or the grid did not answer: not our mistake, and worth another try.</summary>
public sealed class StoreErrors(ILogger<StoreErrors> logger) : IErrorFilter
{
    public GraphQLError? OnError(Exception exception)
    {
        // Operations tell it themselves; a query runs wherever the engine enumerates it, and shows the driver's own exception.
        if ((exception as StoreUnavailableException ?? PostgresFailures.AsUnavailable(exception)) is not { } unavailable)
            return null;

        logger.LogWarning(unavailable, "A store did not answer.");
        return new GraphQLError("The service cannot do this at the moment. Try again shortly, with the same idempotency key where there is one.", ErrorCodes.Unavailable)
        {
            Extensions = new Dictionary<string, object?> { ["retryable"] = unavailable.IsRetryable },
        };
    }
}
