using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Transport.Batching;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Reads a POST request directly from the connection's buffers.</summary>
internal static class PostRequest
{
    private delegate Refusal? BodyParser<T>(ReadOnlySpan<byte> json, HttpRequest request, GraphQLTransportOptions options, out T parsed);

    public static ValueTask<(RequestParameters Parameters, Refusal? Refusal)> ReadAsync(
        HttpRequest request, GraphQLTransportOptions options, CancellationToken cancellation) =>
        ReadAsync<RequestParameters>(ParseOne, request, options, cancellation);

    /// <summary>One operation, or several if batching is allowed.</summary>
    public static ValueTask<(RequestBatch? Batch, Refusal? Refusal)> ReadBatchAsync(
        HttpRequest request, GraphQLTransportOptions options, CancellationToken cancellation) =>
        ReadAsync<RequestBatch?>(RequestBatch.Read, request, options, cancellation);

    private static async ValueTask<(T? Parsed, Refusal? Refusal)> ReadAsync<T>(
        BodyParser<T> parse, HttpRequest request, GraphQLTransportOptions options, CancellationToken cancellation)
    {
        int limit = options.MaxRequestBytes;
        if (request.ContentLength > limit)
            return (default, Refusal.TooLarge(limit));
        try
        {
            PipeReader body = request.BodyReader;
            while (true)
            {
                ReadResult read = await body.ReadAsync(cancellation);
                if (read.Buffer.Length > limit)
                    return (default, Refusal.TooLarge(limit));
                if (read.IsCompleted)
                {
                    Refusal? refusal = ParseWhole(parse, read.Buffer, request, options, out T? parsed);
                    body.AdvanceTo(read.Buffer.End);
                    return (parsed, refusal);
                }
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limits (size, speed, chunking) throw this exception, which has the status.
            return (default, Refusal.Of(exception.StatusCode, "The request body could not be read."));
        }
    }

    private static Refusal? ParseWhole<T>(
        BodyParser<T> parse, in ReadOnlySequence<byte> body, HttpRequest request, GraphQLTransportOptions options, out T? parsed)
    {
        if (body.IsEmpty)
        {
            parsed = default;
            return Refusal.BadRequest("The request has no body.");
        }
        if (body.IsSingleSegment)
            return parse(body.FirstSpan, request, options, out parsed);

        byte[] whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(whole);
            return parse(whole.AsSpan(0, (int)body.Length), request, options, out parsed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private static Refusal? ParseOne(ReadOnlySpan<byte> json, HttpRequest request, GraphQLTransportOptions options, out RequestParameters parameters)
    {
        string? problem = RequestParametersReader.Read(json, options.MaxJsonDepth, out parameters, AddressedDocument.IdIn(request));
        parameters = AddressedDocument.Apply(request, parameters);
        return problem is null ? null : Refused(problem, json, options);
    }

    private static Refusal Refused(string problem, ReadOnlySpan<byte> json, GraphQLTransportOptions options) =>
        JsonText.IsWellFormed(json, options.MaxJsonDepth)
        ? ResponseStatus.WrongParameters(problem, options.StatusCodes)
        : Refusal.BadRequest(problem);
}
