using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>Opens sockets.</summary>
internal static class GraphQLOverWebSocket
{
    public static Task HandleAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        return Task.CompletedTask;
    }
}
