using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

/// <summary>
/// The single connection mode of <see href="https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#single-connection-mode"/>: PUT reserves
/// a stream and returns a token, GET opens it, POST sends operations to it, DELETE stops them.
/// </summary>
internal sealed class GraphQLOverSharedStream(StreamServices services)
{
    private const string TokenHeader = "X-GraphQL-Event-Stream-Token";
    private const string TokenParameter = "token";

    private static readonly Refusal NoSuchStream = Refusal.Of(StatusCodes.Status404NotFound, "There is no such event stream; reserve one with PUT.");

    private readonly SharedStreams streams = new(services);

    /// <summary>Whether a request is about a shared stream rather than an operation with its own response.</summary>
    public static bool IsForSharedStream(HttpRequest request) =>
        HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method)
        || request.Headers.ContainsKey(TokenHeader) || request.Query.ContainsKey(TokenParameter);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsPut(context.Request.Method))
                await ReserveAsync(context);
            else if (Find(context.Request) is not { } stream)
                await RefuseAsync(context, NoSuchStream);
            else if (HttpMethods.IsPost(context.Request.Method))
                await StartAsync(context, stream);
            else if (HttpMethods.IsDelete(context.Request.Method))
                await StopAsync(context, stream);
            else
                await OpenAsync(context, stream);
        }
        catch (Exception exception) when (GraphQLOverHttp.IsClientGone(context, exception))
        {
            // The client has disconnected.
        }
    }

    private async Task ReserveAsync(HttpContext context)
    {
        if (streams.TryReserve(context, out SharedStream? reserved) is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.WriteAsync(reserved!.Token, context.RequestAborted);
    }

    private async Task OpenAsync(HttpContext context, SharedStream stream)
    {
        if (!stream.Owner.MayOpen(context))
        {
            await RefuseAsync(context, NoSuchStream);
            return;
        }
        if (!AcceptedFormats.TryRead(context.Request.Headers.Accept, out AcceptedFormats? formats) || formats.Subscription != ResponseFormat.EventStream)
        {
            await RefuseAsync(context, Refusal.Of(StatusCodes.Status406NotAcceptable, "Opening a reserved stream requires Accept: text/event-stream."));
            return;
        }
        if (!stream.TryClaim())
        {
            await RefuseAsync(context, Refusal.Of(StatusCodes.Status409Conflict, "The event stream is already open."));
            return;
        }
        await using var body = new StreamBody(context, EventStreamEncoding.Shared, services, stream.Viewer, stream.ExpiresAt);
        try
        {
            await body.RunAsync(StayOpenAsync());
        }
        finally
        {
            await streams.CloseAsync(stream);
        }

        async Task StayOpenAsync()
        {
            await body.OpenAsync();
            stream.Open(body);
            await Task.Delay(Timeout.Infinite, body.Ended);
        }
    }

    private async Task StartAsync(HttpContext context, SharedStream stream)
    {
        Refusal? refusal = stream.Owner.IsCaller(context)
            ? RequestContentType.Check(context.Request)
            : NoSuchStream;
        RequestParameters parameters = default;
        if (refusal is null)
            (parameters, refusal) = await PostRequest.ReadAsync(context.Request, services.Options, context.RequestAborted);
        string id = OperationId(parameters.Extensions);
        if (refusal is null && (id.Length == 0 || id.Length > services.Options.MaxOperationIdLength))
            refusal = Refusal.BadRequest($"\"extensions.operationId\" is missing, or longer than {services.Options.MaxOperationIdLength} characters.");
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }
        var operation = new SharedOperation(id, stream, services);
        Admission admission = stream.Admit(operation);
        if (admission == Admission.Admitted)
        {
            await StartAsync(context, operation, parameters);
            return;
        }
        operation.Dispose();
        await RefuseAsync(context, admission switch
        {
            Admission.IdInUse => Refusal.Of(StatusCodes.Status409Conflict, "This stream already has an operation with this id."),
            Admission.TooMany => Refusal.TooManyOperations(services.Options.MaxOperationsPerSocket),
            _ => NoSuchStream,
        });
    }

    /// <summary>A client that does not wait for the response cannot stop the operation later, so it is stopped now.</summary>
    private async Task StartAsync(HttpContext context, SharedOperation operation, RequestParameters parameters)
    {
        IReadOnlyList<GraphQLError>? errors;
        await using (context.RequestAborted.UnsafeRegister(static operation => ((SharedOperation)operation!).Stop(), operation))
            errors = await operation.StartAsync(parameters, context);

        if (errors is { Count: > 0 })
            await RefusalWriter.WriteAsync(context, ResponseStatus.Of(errors, ResponseFormat.GraphQLResponse, services.Options.StatusCodes), errors);
        else
            context.Response.StatusCode = errors is null ? StatusCodes.Status204NoContent : StatusCodes.Status202Accepted;
    }

    private static Task StopAsync(HttpContext context, SharedStream stream)
    {
        if (!stream.Owner.IsCaller(context))
            return RefuseAsync(context, NoSuchStream);
        if (context.Request.Query["operationId"] is not [{ Length: > 0 } id])
            return RefuseAsync(context, Refusal.BadRequest("The URL has no \"operationId\"."));
        stream.Stop(id);
        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }

    private SharedStream? Find(HttpRequest request)
    {
        StringValues token = request.Headers[TokenHeader];
        if (token.Count == 0)
            token = request.Query[TokenParameter];
        return token is [{ } one] ? streams.Find(one) : null;
    }

    private static string OperationId(JsonElement extensions) =>
        extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty("operationId", out JsonElement id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()!
            : "";

    private static Task RefuseAsync(HttpContext context, Refusal refusal) => RefusalWriter.WriteAsync(context, refusal, ResponseFormat.GraphQLResponse);
}
