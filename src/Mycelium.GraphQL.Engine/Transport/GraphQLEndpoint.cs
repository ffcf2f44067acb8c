using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Transport.Sockets;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Gives each request to the transport that its method or upgrade asks for.</summary>
internal sealed class GraphQLEndpoint(IServiceProvider services, IOptions<GraphQLTransportOptions> options)
{
    private readonly GraphQLOverHttp http = ActivatorUtilities.CreateInstance<GraphQLOverHttp>(services, options.Value);
    private readonly GraphQLOverWebSocket sockets = ActivatorUtilities.CreateInstance<GraphQLOverWebSocket>(services, options.Value);

    private readonly SchemaFile schema = ActivatorUtilities.CreateInstance<SchemaFile>(services);

    public Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return sockets.HandleAsync(context);
        if (HttpMethods.IsPost(context.Request.Method))
            return http.HandlePostAsync(context);
        if (!HttpMethods.IsGet(context.Request.Method))
            return GraphQLOverHttp.RefuseMethodAsync(context);
        if (SchemaFile.IsWanted(context.Request))
            return schema.HandleAsync(context);
        return options.Value.ServeLandingPage && LandingPage.IsWanted(context.Request)
            ? LandingPage.WriteAsync(context.Response)
            : http.HandleGetAsync(context);
    }
}
