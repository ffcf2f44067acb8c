using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Writes a response that shared caches may keep, with a tag for revalidation.</summary>
internal static class PublicAnswer
{
    private const int TagBytes = 16;

    public static async Task WriteAsync(HttpContext context, OperationResult result, TimeSpan maxAge, ResponseFormat format)
    {
        var body = new ArrayBufferWriter<byte>(); // Complete before the first byte is sent: its hash is in the headers.
        result.WriteTo(body);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body.WrittenSpan).AsSpan(0, TagBytes))}\"");

        HttpResponse response = context.Response;
        response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)maxAge.TotalSeconds}");
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        response.Headers.XContentTypeOptions = "nosniff";
        response.GetTypedHeaders().ETag = tag;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = format.ContentType;
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
