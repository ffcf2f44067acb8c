using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// A POST body is JSON in UTF-8 and nothing else. That also protects against forged requests: forms, which any site may send, have other types.
/// </summary>
internal static class RequestContentType
{
    private const string Expected = "POST requires Content-Type: application/json, in UTF-8 and uncompressed.";

    public static Refusal? Check(HttpRequest request)
    {
        bool isCompressed = request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.Equals("identity");
        return !isCompressed && IsJson(request.ContentType) ? null : Refusal.Of(StatusCodes.Status415UnsupportedMediaType, Expected);
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType == "application/json")
            return true;
        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
