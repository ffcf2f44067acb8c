using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Lets a host charge callers for what they ask for, over many requests; a service. Without one nothing is charged. A request is charged for what it makes the engine do, before
/// that is done: a document that is not known for being parsed, an operation for its cost, and a refusal for being answered.
/// </summary>
public interface IRequestMeter
{
    /// <param name="request">Whose it is; <see cref="GraphQLRequest.TransportContext"/> says where it came from.</param>
    /// <param name="charge">What for.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="GraphQLException">The caller has nothing left. Code <see cref="ErrorCodes.RateLimited"/>; the request ends with it.</exception>
    ValueTask ChargeAsync(GraphQLRequest request, RequestCharge charge, CancellationToken cancellation);
}

/// <summary>What a request is charged for.</summary>
/// <param name="Kind">What the engine is about to do.</param>
/// <param name="Cost">Of an operation; nothing otherwise.</param>
public readonly record struct RequestCharge(RequestChargeKind Kind, OperationCost Cost = default);

/// <summary>What the engine is about to do for a request.</summary>
public enum RequestChargeKind
{
    /// <summary>Parse, validate and compile a document that is not in the cache. What follows is charged too.</summary>
    Document,

    /// <summary>Refuse a request, or tell its cost alone: nothing is executed.</summary>
    Refusal,

    /// <summary>Execute an operation. A subscription is charged when it begins, whatever it delivers.</summary>
    Operation,
}
