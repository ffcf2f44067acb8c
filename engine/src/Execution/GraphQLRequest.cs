using System.Security.Claims;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One GraphQL request, whatever its transport.</summary>
public sealed record GraphQLRequest
{
    /// <summary>The text of the document; null when the request names one by <see cref="DocumentId"/> or by its hash in <see cref="Extensions"/>.</summary>
    public string? Query { get; init; }

    /// <summary>
    /// The id of a <see href="https://github.com/graphql/graphql-over-http/blob/main/rfcs/PersistedOperations.md">persisted document</see>:
    /// <c>sha256:</c> and 64 hex digits, those digits alone, or an id that the server assigned.
    /// </summary>
    public string? DocumentId { get; init; }

    public string? OperationName { get; init; }

    /// <summary>A JSON object, or undefined when there are no variables.</summary>
    public JsonElement Variables { get; init; }

    public JsonElement Extensions { get; init; }

    /// <summary>
    /// The position of the client's stream when it broke, if the transport knows it: it overrides the document's value for the argument of
    /// <see cref="CodeFirst.ResumesWithAttribute"/>. Null for a new stream; ignored by everything except subscriptions that can resume.
    /// </summary>
    public string? LastEventId { get; init; }

    /// <summary>A scope of the request; the executor does not dispose it.</summary>
    public required IServiceProvider Services { get; init; }

    public ClaimsPrincipal User { get; init; } = new();

    /// <summary>The operations that the transport allows: GET only allows queries.</summary>
    public AllowedOperations Allowed { get; init; } = AllowedOperations.All;

    /// <summary>
    /// Where the request came from, as the transport knows it: ASP.NET Core's <c>HttpContext</c> of the request, or of the upgrade for a socket. Null
    /// when there is no transport.
    /// </summary>
    public object? TransportContext { get; init; }

    /// <summary>What the request wants to know about its own cost.</summary>
    public CostMode Cost { get; init; }

    /// <summary>Shared by the requests of one batch; null otherwise.</summary>
    public CostBudget? CostBudget { get; init; }

    /// <summary>How failed positions are handled; null for the server's <see cref="RequestOptions.DefaultErrorHandling"/>.</summary>
    public ErrorHandling? OnError { get; init; }

    /// <summary>
    /// Whether the transport supports more than one result for a query or mutation. If not, <c>@defer</c> and <c>@stream</c> have no effect:
    /// everything is delivered at once.
    /// </summary>
    public bool AllowsIncrementalDelivery { get; init; }
}

[Flags]
public enum AllowedOperations { Query = 1, Mutation = 2, Subscription = 4, QueryAndMutation = Query | Mutation, All = Query | Mutation | Subscription }
