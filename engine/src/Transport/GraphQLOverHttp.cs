using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Transport.Batching;
using Mycelium.GraphQL.Engine.Transport.Streams;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// <see href="https://graphql.github.io/graphql-over-http/draft/"/> with the status codes that graphql-http's audits expect: a request error is 400,
/// or 200 for a client that only accepts <c>application/json</c>; a response with data is 200, even when it contains errors. Clients that read
/// streams also get subscriptions and responses in parts here.
/// </summary>
internal sealed class GraphQLOverHttp(StreamServices services)
{
    private readonly GraphQLTransportOptions options = services.Options;

    public async Task HandlePostAsync(HttpContext context)
    {
        if (!AcceptedFormats.TryRead(context.Request.Headers.Accept, out AcceptedFormats? formats))
        {
            await RefuseAcceptAsync(context);
            return;
        }
        if (RequestContentType.Check(context.Request) is { } unsupported)
        {
            await RefusalWriter.WriteAsync(context, unsupported, formats.Single);
            return;
        }
        try
        {
            if (options.Batching != AllowedBatching.None)
            {
                await HandleBatchAsync(context, formats);
                return;
            }
            (RequestParameters parameters, Refusal? refusal) = await PostRequest.ReadAsync(context.Request, options, context.RequestAborted);
            await (refusal is null
                ? ExecuteAsync(context, parameters, AllowedOperations.QueryAndMutation, formats)
                : RefusalWriter.WriteAsync(context, refusal, formats.Single));
        }
        catch (Exception exception) when (IsClientGone(context, exception))
        {
            // The client has disconnected.
        }
    }

    public async Task HandleGetAsync(HttpContext context)
    {
        if (!AcceptedFormats.TryRead(context.Request.Headers.Accept, out AcceptedFormats? formats))
        {
            await RefuseAcceptAsync(context);
            return;
        }
        Refusal? refusal = GetRequest.Read(context.Request.Query, options, out RequestParameters parameters);
        // Another site can only make the browser send what the service itself has stored, and only queries of it with an immediate response.
        if (parameters is not { Query: null, DocumentId: not null } || formats.MayStream)
            refusal = GetRequest.CheckPreflight(context.Request, options) ?? refusal;
        try
        {
            await (refusal is null
                ? ExecuteAsync(context, parameters, AllowedOperations.Query, formats)
                : RefusalWriter.WriteAsync(context, refusal, formats.Single));
        }
        catch (Exception exception) when (IsClientGone(context, exception))
        {
            // The client has disconnected.
        }
    }

    public static bool IsClientGone(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException);

    private async Task HandleBatchAsync(HttpContext context, AcceptedFormats formats)
    {
        (RequestBatch? batch, Refusal? refusal) = await PostRequest.ReadBatchAsync(context.Request, options, context.RequestAborted);
        await (refusal is not null ? RefusalWriter.WriteAsync(context, refusal, formats.Single)
            : batch!.IsSingle ? ExecuteAsync(context, batch.Entries[0].Parameters, AllowedOperations.QueryAndMutation, formats)
            : BatchAnswer.WriteAsync(context, batch, formats.Single, services));
    }

    private static Task RefuseAcceptAsync(HttpContext context) => RefusalWriter.WriteAsync(
        context,
        Refusal.Of(
            StatusCodes.Status406NotAcceptable,
            "This URL responds with application/graphql-response+json or application/json, and streams with text/event-stream, multipart/mixed or "
                + "application/jsonl."),
        ResponseFormat.Json);

    private async Task ExecuteAsync(HttpContext context, RequestParameters parameters, AllowedOperations allowed, AcceptedFormats formats)
    {
        Refusal? tooMany = null;
        using IDisposable? place = formats.MayStream ? services.TryEnter(context, out tooMany) : null;
        if (tooMany is not null)
        {
            await RefusalWriter.WriteAsync(context, tooMany, formats.Single);
            return;
        }
        GraphQLRequest request = parameters.ToRequest(
            context,
            context.RequestServices,
            context.User,
            formats.Subscription is null ? allowed : allowed | AllowedOperations.Subscription,
            allowsIncrementalDelivery: formats.Incremental is not null,
            LastEventId(context.Request, formats),
            CostHeader.Read(context.Request.Headers));
        ExecutionResult result;
        try
        {
            result = await services.Executor.ExecuteAsync(request, context.RequestAborted);
        }
        catch (Exception exception) when (!IsClientGone(context, exception))
        {
            await RefusalWriter.WriteAsync(
                context, new Refusal(StatusCodes.Status500InternalServerError, UnexpectedFailure.Report(services.Logger, exception)), formats.Single);
            return;
        }
        if (result is OperationResult single)
        {
            using (single)
                await (
                    single.IsOperationNotAllowed
                        ? RefusalWriter.WriteAsync(context, NotAllowed(allowed), formats.Single)
                        : WriteAsync(context, single, formats.Single));
        }
        else if (result is ResponseStream stream)
        {
            // The request said which of the two the client can read, so there is no other.
            ResponseFormat format = (stream.IsIncremental ? formats.Incremental : formats.Subscription)!;
            await StreamedAnswer.WriteAsync(context, stream, format.Stream!, services);
        }
    }

    /// <summary>What a browser's <c>EventSource</c> sends when it reconnects.</summary>
    private static string? LastEventId(HttpRequest request, AcceptedFormats formats)
    {
        if (formats.Subscription != ResponseFormat.EventStream)
            return null;
        StringValues last = request.Headers["Last-Event-ID"];
        return last is [{ Length: > 0 } id] ? id : null;
    }

    private static Refusal NotAllowed(AllowedOperations allowed) => allowed == AllowedOperations.Query
        ? Refusal.MethodNotAllowed("GET is for queries, and for subscriptions with Accept: text/event-stream; send mutations with POST.", allow: "POST")
        : Refusal.BadRequest(
            "Subscriptions need Accept: text/event-stream, multipart/mixed or application/jsonl, or a WebSocket at this URL with the "
            + "sub-protocol graphql-transport-ws.");

    private async Task WriteAsync(HttpContext context, OperationResult result, ResponseFormat format)
    {
        if (format.Stream is not null && ResponseStatus.IsRateLimited(result))
        {
            // The status says that there will be no stream, and the header when to retry.
            await RefusalWriter.WriteAsync(context, StatusCodes.Status429TooManyRequests, result.Errors);
            return;
        }
        if (format.Stream is { } encoding)
        {
            await StreamedAnswer.WriteAsync(context, result, encoding, services);
            return;
        }
        if (result.PublicMaxAge is { } maxAge && HttpMethods.IsGet(context.Request.Method))
        {
            await PublicAnswer.WriteAsync(context, result, maxAge, format);
            return;
        }
        PipeWriter body = RefusalWriter.Begin(context.Response, ResponseStatus.Of(result, format, options.StatusCodes), format);
        context.Response.ContentLength = result.WrittenLength;
        result.WriteTo(body);
        await body.FlushAsync(context.RequestAborted);
    }
}
