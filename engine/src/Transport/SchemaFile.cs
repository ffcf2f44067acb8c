using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// The schema as SDL, for callers that <see cref="RequestOptions.AllowsIntrospection"/> allows. A tool that keeps a copy revalidates it with its
/// <c>ETag</c>.
/// </summary>
internal sealed class SchemaFile(IRequestExecutor executor, IOptions<RequestOptions> options)
{
    private readonly Lazy<(byte[] Sdl, EntityTagHeaderValue Tag)> file = new(() =>
    {
        byte[] sdl = Encoding.UTF8.GetBytes(SchemaPrinter.Print(executor.Schema));
        return (sdl, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(sdl).AsSpan(0, 16))}\""));
    });

    public static bool IsWanted(HttpRequest request) => request.Query.ContainsKey("sdl");

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return RefusalWriter.WriteAsync(context, Refusal.MethodNotAllowed("The schema is read-only.", allow: "GET, HEAD"), ResponseFormat.Json);
        if (!options.Value.AllowsIntrospection(context.User))
            return RefusalWriter.WriteAsync(context, Forbidden, ResponseFormat.Json);

        HttpResponse response = context.Response;
        response.GetTypedHeaders().ETag = file.Value.Tag;
        response.Headers.CacheControl = "private, no-cache"; // Cached by callers that may see it, and revalidated each time.
        response.Headers.Vary = "Authorization";
        response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Tag == "*" || tag.Compare(file.Value.Tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = "application/graphql; charset=utf-8";
        response.ContentLength = file.Value.Sdl.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(file.Value.Sdl, context.RequestAborted).AsTask();
    }

    private static Refusal Forbidden =>
        Refusal.Of(StatusCodes.Status403Forbidden, "You may not read the schema of this service.", ErrorCodes.IntrospectionDisabled);
}
