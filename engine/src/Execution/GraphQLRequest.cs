using System.Security.Claims;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One GraphQL request, whichever transport brought it.</summary>
public sealed record GraphQLRequest
{
    /// <summary>The text of the document; null when the request names one by <see cref="DocumentId"/> or by its hash in <see cref="Extensions"/>.</summary>
    public string? Query { get; init; }

    /// <summary>
    /// The id of a <see href="https://github.com/graphql/graphql-over-http/blob/main/rfcs/PersistedOperations.md">persisted document</see>: <c>sha256:</c> and
    /// 64 hex digits, those digits alone, or an id that the server has given.
    /// </summary>
    public string? DocumentId { get; init; }

    public string? OperationName { get; init; }

    /// <summary>A JSON object, or undefined when there are no variables.</summary>
    public JsonElement Variables { get; init; }

    public JsonElement Extensions { get; init; }

    /// <summary>
    /// Where the client's stream was when it broke, where the transport knows: the argument of <see cref="CodeFirst.ResumesWithAttribute"/> has this value
    /// whatever the document says. Null for a stream that begins, and ignored by everything but a subscription that resumes.
    /// </summary>
    public string? LastEventId { get; init; }

    /// <summary>A scope of the request; the executor does not dispose it.</summary>
    public required IServiceProvider Services { get; init; }

    public ClaimsPrincipal User { get; init; } = new();

    /// <summary>Which operations the transport may carry: GET carries queries alone.</summary>
    public AllowedOperations Allowed { get; init; } = AllowedOperations.All;

    /// <summary>
    /// Where the request came from, as the transport knows it: ASP.NET Core's <c>HttpContext</c> of the request, or of the upgrade that made a socket. Null for one that came over no
    /// transport.
    /// </summary>
    public object? TransportContext { get; init; }

    /// <summary>What the request asks about its own cost.</summary>
    public CostMode Cost { get; init; }

    /// <summary>Shared by the requests of one batch; null for a request of its own.</summary>
    public CostBudget? CostBudget { get; init; }

    /// <summary>What becomes of positions that fail; null for the server's <see cref="RequestOptions.DefaultErrorHandling"/>.</summary>
    public ErrorHandling? OnError { get; init; }

    /// <summary>
    /// Whether the transport can carry more than one result of a query or mutation. Without it <c>@defer</c> and <c>@stream</c> are not acted upon: all comes at once.
    /// </summary>
    public bool AllowsIncrementalDelivery { get; init; }
}

[Flags]
public enum AllowedOperations { Query = 1, Mutation = 2, Subscription = 4, QueryAndMutation = Query | Mutation, All = Query | Mutation | Subscription }
