using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Microsoft.AspNetCore.Builder;

public static class GraphQLEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves GraphQL at one address: POST and GET as of GraphQL over HTTP, with streams for who asks, and the <c>graphql-transport-ws</c> protocol on a WebSocket.
    /// Bounds are <see cref="GraphQLTransportOptions"/>; who is on a socket is decided by an <see cref="ISocketSessionInterceptor"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQL(this IEndpointRouteBuilder endpoints, string pattern = "/graphql")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        GraphQLEndpoint endpoint = ActivatorUtilities.CreateInstance<GraphQLEndpoint>(endpoints.ServiceProvider);

        // WebSockets come with the endpoint, so that nobody has to remember the middleware.
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(endpoint.HandleAsync);
        return endpoints.Map(pattern, pipeline.Build()).WithDisplayName("GraphQL");
    }

    /// <summary>
    /// Serves persisted documents, each at an address of its own, <c>{pattern}/{documentId}/{operationName}</c>, the name where there are several: GET for
    /// queries, with the variables in the address so that caches know it, and POST. What the documents are is said by <c>AddOperationDocumentStorage</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQLPersistedOperations(this IEndpointRouteBuilder endpoints, string pattern = "/graphql/persisted")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var endpoint = ActivatorUtilities.CreateInstance<PersistedOperationEndpoint>(endpoints.ServiceProvider);
        return endpoints.Map($"{pattern}/{{{AddressedDocument.IdValue}}}/{{{AddressedDocument.NameValue}?}}", (RequestDelegate)endpoint.HandleAsync)
            .WithDisplayName("GraphQL persisted operations");
    }

    /// <summary>
    /// Serves the schema as SDL, to whom <see cref="RequestOptions.AllowsIntrospection"/> allows it, with an <c>ETag</c>. <see cref="MapGraphQL"/> has the same at
    /// <c>?sdl</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQLSchema(this IEndpointRouteBuilder endpoints, string pattern = "/graphql/schema")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SchemaFile schema = ActivatorUtilities.CreateInstance<SchemaFile>(endpoints.ServiceProvider);
        return endpoints.Map(pattern, (RequestDelegate)schema.HandleAsync).WithDisplayName("GraphQL schema");
    }
}
