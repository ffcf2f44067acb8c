using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Reads the parameters of a POST request straight from the connection's buffers.</summary>
internal static class PostRequest
{
    public static async ValueTask<(RequestParameters Parameters, Refusal? Refusal)> ReadAsync(
        HttpRequest request, GraphQLTransportOptions options, CancellationToken cancellation)
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
                    string? problem = Parse(read.Buffer, options.MaxJsonDepth, out RequestParameters parameters, AddressedDocument.IdIn(request));
                    body.AdvanceTo(read.Buffer.End);
                    return (AddressedDocument.Apply(request, parameters), problem is null ? null : Refusal.BadRequest(problem));
                }
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limits (size, speed, chunking) speak through this exception and know the status.
            return (default, Refusal.Of(exception.StatusCode, "The request body could not be read."));
        }
    }

    private static string? Parse(in ReadOnlySequence<byte> body, int maxDepth, out RequestParameters parameters, string? documentId)
    {
        if (body.IsEmpty)
        {
            parameters = default;
            return "The request has no body.";
        }
        if (body.IsSingleSegment)
            return RequestParametersReader.Read(body.FirstSpan, maxDepth, out parameters, documentId);

        byte[] whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(whole);
            return RequestParametersReader.Read(whole.AsSpan(0, (int)body.Length), maxDepth, out parameters, documentId);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
