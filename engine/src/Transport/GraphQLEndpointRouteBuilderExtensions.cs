using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Microsoft.AspNetCore.Builder;

public static class GraphQLEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves GraphQL at one URL: POST and GET as in GraphQL over HTTP, with streams for clients that accept them, and the
    /// <c>graphql-transport-ws</c> protocol on a WebSocket. Limits are in <see cref="GraphQLTransportOptions"/>; an
    /// <see cref="ISocketSessionInterceptor"/> identifies the user of a socket.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQL(this IEndpointRouteBuilder endpoints, string pattern = "/graphql")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        GraphQLEndpoint endpoint = ActivatorUtilities.CreateInstance<GraphQLEndpoint>(endpoints.ServiceProvider);

        // The endpoint brings WebSockets, so that the middleware cannot be forgotten.
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(endpoint.HandleAsync);
        return endpoints.Map(pattern, pipeline.Build()).WithDisplayName("GraphQL");
    }

    /// <summary>
    /// Serves persisted documents, each at its own URL, <c>{pattern}/{documentId}/{operationName}</c>, with the name if there are several: GET for
    /// queries, with the variables in the URL so that caches see them, and POST. <c>AddOperationDocumentStorage</c> provides the documents.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQLPersistedOperations(this IEndpointRouteBuilder endpoints, string pattern = "/graphql/persisted")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var endpoint = ActivatorUtilities.CreateInstance<PersistedOperationEndpoint>(endpoints.ServiceProvider);
        return endpoints.Map($"{pattern}/{{{AddressedDocument.IdValue}}}/{{{AddressedDocument.NameValue}?}}", (RequestDelegate)endpoint.HandleAsync)
            .WithDisplayName("GraphQL persisted operations");
    }

    /// <summary>
    /// Serves the schema as SDL with an <c>ETag</c>, to callers that <see cref="RequestOptions.AllowsIntrospection"/> allows.
    /// <see cref="MapGraphQL"/> serves the same at <c>?sdl</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQLSchema(this IEndpointRouteBuilder endpoints, string pattern = "/graphql/schema")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SchemaFile schema = ActivatorUtilities.CreateInstance<SchemaFile>(endpoints.ServiceProvider);
        return endpoints.Map(pattern, (RequestDelegate)schema.HandleAsync).WithDisplayName("GraphQL schema");
    }
}
