using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Transport.Sockets;
using Mycelium.GraphQL.Engine.Transport.Streams;
using Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Passes each request to the transport for its method or upgrade.</summary>
internal sealed class GraphQLEndpoint
{
    private readonly GraphQLTransportOptions options;
    private readonly GraphQLOverHttp http;
    private readonly GraphQLOverSharedStream sharedStreams;
    private readonly GraphQLOverWebSocket sockets;
    private readonly SchemaFile schema;

    public GraphQLEndpoint(IServiceProvider services, IOptions<GraphQLTransportOptions> options)
    {
        this.options = options.Value;
        var streams = ActivatorUtilities.CreateInstance<StreamServices>(services);
        http = new GraphQLOverHttp(streams);
        sharedStreams = new GraphQLOverSharedStream(streams);
        sockets = ActivatorUtilities.CreateInstance<GraphQLOverWebSocket>(services, this.options);
        schema = ActivatorUtilities.CreateInstance<SchemaFile>(services);
    }

    public Task HandleAsync(HttpContext context)
    {
        string method = context.Request.Method;
        if (context.WebSockets.IsWebSocketRequest)
            return sockets.HandleAsync(context);
        if (!IsServed(method))
            return RefuseMethodAsync(context);
        if (options.EnableSingleConnectionMode && GraphQLOverSharedStream.IsForSharedStream(context.Request))
            return sharedStreams.HandleAsync(context);
        if (HttpMethods.IsPost(method))
            return http.HandlePostAsync(context);
        if (SchemaFile.IsWanted(context.Request))
            return schema.HandleAsync(context);
        return options.ServeLandingPage && LandingPage.IsWanted(context.Request)
            ? options.BrowserPage?.Invoke(context) ?? LandingPage.WriteAsync(context.Response, options.LandingPageNote)
            : http.HandleGetAsync(context);
    }

    private bool IsServed(string method) => HttpMethods.IsPost(method) || HttpMethods.IsGet(method)
        || (options.EnableSingleConnectionMode && (HttpMethods.IsPut(method) || HttpMethods.IsDelete(method)));

    private Task RefuseMethodAsync(HttpContext context) => RefusalWriter.WriteAsync(
        context,
        options.EnableSingleConnectionMode
            ? Refusal.MethodNotAllowed(
                "This URL accepts GET, POST and WebSocket upgrades, and PUT and DELETE for event streams.", allow: "GET, POST, PUT, DELETE")
            : Refusal.MethodNotAllowed("This URL accepts GET, POST and WebSocket upgrades.", allow: "GET, POST"),
        ResponseFormat.Json);
}
