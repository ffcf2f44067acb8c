using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Writes responses that are one JSON text.</summary>
internal static class RefusalWriter
{
    /// <summary>A client that only reads streams gets JSON too: the status says that there will be no stream.</summary>
    public static async Task WriteAsync(HttpContext context, Refusal refusal, ResponseFormat format)
    {
        PipeWriter body = Begin(context.Response, refusal.Status, format.Stream is null ? format : ResponseFormat.Json);
        if (refusal.Allow is { } allow)
            context.Response.Headers.Allow = allow;
        ErrorJson.WriteResponse(body, refusal.Error);
        await body.FlushAsync(context.RequestAborted);
    }

    public static async Task WriteAsync(HttpContext context, int status, IReadOnlyList<GraphQLError> errors)
    {
        PipeWriter body = Begin(context.Response, status, ResponseFormat.Json);
        ErrorJson.WriteResponse(body, errors);
        await body.FlushAsync(context.RequestAborted);
    }

    public static PipeWriter Begin(HttpResponse response, int status, ResponseFormat format)
    {
        response.StatusCode = status;
        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-store"; // Responses depend on the caller.
        response.Headers.XContentTypeOptions = "nosniff";
        return response.BodyWriter;
    }
}
