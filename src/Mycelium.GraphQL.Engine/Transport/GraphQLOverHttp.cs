using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// <see href="https://graphql.github.io/graphql-over-http/draft/"/> with the status codes that graphql-http's audits expect: a request error is 400,
/// or 200 for a client that takes <c>application/json</c> alone; an answer with data is 200, also when it holds errors.
/// </summary>
internal sealed class GraphQLOverHttp(IRequestExecutor executor, GraphQLTransportOptions options, ILogger<GraphQLOverHttp> logger)
{
    public async Task HandlePostAsync(HttpContext context)
    {
        if (!ResponseFormat.TryNegotiate(context.Request.Headers.Accept, out ResponseFormat? format))
        {
            await RefuseAcceptAsync(context);
            return;
        }
        if (RequestContentType.Check(context.Request) is { } unsupported)
        {
            await WriteAsync(context, unsupported, format);
            return;
        }
        try
        {
            (RequestParameters parameters, Refusal? refusal) = await PostRequest.ReadAsync(context.Request, options, context.RequestAborted);
            await (refusal is null
                ? ExecuteAsync(context, parameters, AllowedOperations.QueryAndMutation, format)
                : WriteAsync(context, refusal, format));
        }
        catch (Exception exception) when (IsClientGone(context, exception))
        {
            // Nobody is left to answer.
        }
    }

    public async Task HandleGetAsync(HttpContext context)
    {
        if (!ResponseFormat.TryNegotiate(context.Request.Headers.Accept, out ResponseFormat? format))
        {
            await RefuseAcceptAsync(context);
            return;
        }
        Refusal? refusal = GetRequest.Read(context.Request.Query, options.MaxJsonDepth, out RequestParameters parameters);
        // Another site can make the browser send nothing but what the service has stored itself, and only queries of it.
        if (parameters is not { Query: null, DocumentId: not null })
            refusal = GetRequest.CheckPreflight(context.Request, options.GetPreflight) ?? refusal;
        try
        {
            await (refusal is null ? ExecuteAsync(context, parameters, AllowedOperations.Query, format) : WriteAsync(context, refusal, format));
        }
        catch (Exception exception) when (IsClientGone(context, exception))
        {
            // Nobody is left to answer.
        }
    }

    public static Task RefuseMethodAsync(HttpContext context) => WriteAsync(
        context, Refusal.MethodNotAllowed("This address takes GET, POST and WebSocket upgrades.", allow: "GET, POST"), ResponseFormat.Json);

    private static Task RefuseAcceptAsync(HttpContext context) => WriteAsync(
        context,
        Refusal.Of(StatusCodes.Status406NotAcceptable, "This address answers with application/graphql-response+json or application/json."),
        ResponseFormat.Json);

    private async Task ExecuteAsync(HttpContext context, RequestParameters parameters, AllowedOperations allowed, ResponseFormat format)
    {
        var request = new GraphQLRequest
        {
            Query = parameters.Query,
            DocumentId = parameters.DocumentId,
            OperationName = parameters.OperationName,
            Variables = parameters.Variables,
            Extensions = parameters.Extensions,
            OnError = parameters.OnError,
            Services = context.RequestServices,
            User = context.User,
            Allowed = allowed,
        };
        OperationResult result;
        try
        {
            // No stream comes here: the allowed operations leave subscriptions out.
            result = (OperationResult)await executor.ExecuteAsync(request, context.RequestAborted);
        }
        catch (Exception exception) when (!IsClientGone(context, exception))
        {
            await WriteAsync(context, new Refusal(StatusCodes.Status500InternalServerError, Unexpected.Report(logger, exception)), format);
            return;
        }
        using (result)
            await (result.IsOperationNotAllowed ? WriteAsync(context, NotAllowed(allowed), format) : WriteAsync(context, result, format));
    }

    private static Refusal NotAllowed(AllowedOperations allowed) => allowed == AllowedOperations.Query
        ? Refusal.MethodNotAllowed("GET carries queries alone; send mutations with POST and subscriptions over a WebSocket.", allow: "POST")
        : Refusal.BadRequest("Subscriptions are served over a WebSocket at this address, with the sub-protocol graphql-transport-ws.");

    private static async Task WriteAsync(HttpContext context, OperationResult result, ResponseFormat format)
    {
        if (result.PublicMaxAge is { } maxAge && HttpMethods.IsGet(context.Request.Method))
        {
            await PublicAnswer.WriteAsync(context, result, maxAge, format);
            return;
        }
        int status = result.HasData ? StatusCodes.Status200OK : format.StatusOf(result.Errors.Count > 0 ? result.Errors[0].Code : ErrorCodes.BadRequest);
        PipeWriter body = Begin(context.Response, status, format);
        result.WriteTo(body);
        await body.FlushAsync(context.RequestAborted);
    }

    internal static async Task WriteAsync(HttpContext context, Refusal refusal, ResponseFormat format)
    {
        PipeWriter body = Begin(context.Response, refusal.Status, format);
        if (refusal.Allow is { } allow)
            context.Response.Headers.Allow = allow;
        ErrorJson.WriteResponse(body, refusal.Error);
        await body.FlushAsync(context.RequestAborted);
    }

    private static PipeWriter Begin(HttpResponse response, int status, ResponseFormat format)
    {
        response.StatusCode = status;
        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-store"; // Answers depend on who asks.
        response.Headers.XContentTypeOptions = "nosniff";
        return response.BodyWriter;
    }

    private static bool IsClientGone(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException);
}
