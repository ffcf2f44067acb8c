using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The parameters of a request, as they came over HTTP or a socket. <c>default</c> elements were not given, or were null.</summary>
internal readonly record struct RequestParameters(
    string? Query, string? DocumentId, string? OperationName, JsonElement Variables, JsonElement Extensions, ErrorHandling? OnError = null)
{
    /// <summary>Whether anything says which document is meant: its text, its id, or its hash as Apollo's clients send it.</summary>
    public bool NamesDocument => Query is not null || DocumentId is not null || AutomaticPersistedQuery.IsIn(Extensions);

    /// <param name="context">The HTTP request, or the upgrade.</param>
    /// <param name="services">A scope that lives as long as the operation.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="allowed">What the transport may carry.</param>
    /// <param name="allowsIncrementalDelivery">Whether the answer may come in parts.</param>
    /// <param name="lastEventId">Where the client's stream was when it broke.</param>
    /// <param name="cost">What the request asks about its own cost.</param>
    /// <param name="budget">What the requests of a batch share.</param>
    public GraphQLRequest ToRequest(
        HttpContext context, IServiceProvider services, ClaimsPrincipal user, AllowedOperations allowed = AllowedOperations.All, bool allowsIncrementalDelivery = false,
        string? lastEventId = null, CostMode cost = CostMode.None, CostBudget? budget = null) => new()
        {
            Query = Query,
            DocumentId = DocumentId,
            OperationName = OperationName,
            Variables = Variables,
            Extensions = Extensions,
            OnError = OnError,
            Services = services,
            TransportContext = context,
            User = user,
            Allowed = allowed,
            AllowsIncrementalDelivery = allowsIncrementalDelivery,
            LastEventId = lastEventId,
            Cost = cost,
            CostBudget = budget,
        };
}
