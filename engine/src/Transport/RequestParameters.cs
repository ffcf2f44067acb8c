using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The parameters of a request, as received over HTTP or a socket. <c>default</c> elements were not given, or were null.</summary>
internal readonly record struct RequestParameters(
    string? Query, string? DocumentId, string? OperationName, JsonElement Variables, JsonElement Extensions, ErrorHandling? OnError = null)
{
    /// <summary>Whether anything identifies the document: its text, its id, or its hash as Apollo's clients send it.</summary>
    public bool NamesDocument => Query is not null || DocumentId is not null || AutomaticPersistedQuery.IsIn(Extensions);

    /// <param name="context">The HTTP request, or the upgrade.</param>
    /// <param name="services">A scope that lives as long as the operation.</param>
    /// <param name="user">The caller.</param>
    /// <param name="allowed">The operations that the transport allows.</param>
    /// <param name="allowsIncrementalDelivery">Whether the response may be delivered in parts.</param>
    /// <param name="lastEventId">The position of the client's stream when it broke.</param>
    /// <param name="cost">What the request wants to know about its own cost.</param>
    /// <param name="budget">Shared by the requests of a batch.</param>
    public GraphQLRequest ToRequest(
        HttpContext context, IServiceProvider services, ClaimsPrincipal user, AllowedOperations allowed = AllowedOperations.All,
        bool allowsIncrementalDelivery = false,
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
