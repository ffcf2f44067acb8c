using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// What a client can read, by its <c>Accept</c> header. It may read single results as JSON and subscriptions as events: most clients list everything
/// they know.
/// </summary>
internal sealed class AcceptedFormats
{
    private static readonly AcceptedFormats OnlyJson = new(ResponseFormat.Json, null, null);
    private static readonly AcceptedFormats OnlyGraphQLResponse = new(ResponseFormat.GraphQLResponse, null, null);

    private AcceptedFormats(ResponseFormat single, ResponseFormat? incremental, ResponseFormat? subscription) =>
        (Single, Incremental, Subscription) = (single, incremental, subscription);

    /// <summary>The format of a response with one result.</summary>
    public ResponseFormat Single { get; }

    /// <summary>The format of a response in parts, or null when the client reads none.</summary>
    public ResponseFormat? Incremental { get; }

    /// <summary>The format of a subscription, or null when the client reads none.</summary>
    public ResponseFormat? Subscription { get; }

    /// <summary>Whether the response may stay open.</summary>
    public bool MayStream => Subscription is not null;

    /// <summary>
    /// The formats with the highest quality. Of equal ones, those that are named win over those matched by a wildcard, and a single result is
    /// preferably plain JSON. No header means JSON.
    /// </summary>
    public static bool TryRead(StringValues accept, [NotNullWhen(true)] out AcceptedFormats? formats)
    {
        // The header that nearly every client sends is not worth parsing.
        formats = accept switch
        {
            [] or [null or "" or "*/*" or "application/json"] => OnlyJson,
            ["application/graphql-response+json"] => OnlyGraphQLResponse,
            _ => null,
        };
        if (formats is not null)
            return true;
        if (!MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out IList<MediaTypeHeaderValue>? ranges))
            return false;

        if (Best(ranges, AnswerKind.Single) is { } single)
            formats = new AcceptedFormats(single, Best(ranges, AnswerKind.Incremental), Best(ranges, AnswerKind.Subscription));
        return formats is not null;
    }

    /// <summary>Whether the header names a type of single results, which a page's links, images, forms and event sources cannot do.</summary>
    public static bool NamesJson(StringValues accept) =>
        MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out IList<MediaTypeHeaderValue>? ranges)
        && ResponseFormat.Offered.Any(offered => offered.Stream is null && offered.Rate(ranges) is { Quality: > 0, Precision: ResponseFormat.Exact });

    private static ResponseFormat? Best(IList<MediaTypeHeaderValue> ranges, AnswerKind kind)
    {
        ResponseFormat? best = null;
        (double Quality, int Precision) highest = (0, 0);
        foreach (ResponseFormat offered in ResponseFormat.Offered)
        {
            (double Quality, int Precision) rating = offered.Carries(kind) ? offered.Rate(ranges) : default;
            // On a tie of wildcards the later one, plain JSON, wins: a client that names nothing understands it.
            if (rating.Quality > 0 && (rating.CompareTo(highest) > 0 || (rating == highest && rating.Precision < ResponseFormat.Exact)))
                (highest, best) = (rating, offered);
        }
        return best;
    }
}
