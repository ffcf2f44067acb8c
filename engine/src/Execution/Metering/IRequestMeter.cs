using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Lets a host charge callers for their requests over time; a service. Without one nothing is charged. A request is charged before the work is done:
/// for parsing a document that is not known, for the cost of an operation, and for the response when it is refused.
/// </summary>
public interface IRequestMeter
{
    /// <param name="request">Identifies the caller; <see cref="GraphQLRequest.TransportContext"/> says where the request came from.</param>
    /// <param name="charge">What the request is charged for.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="GraphQLException">
    /// The caller has nothing left. Code <see cref="ErrorCodes.RateLimited"/>; the request ends with it.
    /// </exception>
    ValueTask ChargeAsync(GraphQLRequest request, RequestCharge charge, CancellationToken cancellation);
}

/// <summary>What a request is charged for.</summary>
/// <param name="Kind">What the engine is about to do.</param>
/// <param name="Cost">The cost of an operation; zero otherwise.</param>
public readonly record struct RequestCharge(RequestChargeKind Kind, OperationCost Cost = default);

/// <summary>What the engine is about to do for a request.</summary>
public enum RequestChargeKind
{
    /// <summary>Parse, validate and compile a document that is not in the cache. What follows is also charged.</summary>
    Document,

    /// <summary>Refuse a request, or only report its cost: nothing is executed.</summary>
    Refusal,

    /// <summary>Execute an operation. A subscription is charged when it starts, whatever it delivers.</summary>
    Operation,
}
