using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>A media type that responses can have, and what it means for the status code.</summary>
internal sealed class ResponseFormat
{
    /// <summary>Every request error has its status: the client can trust that the answer comes from the GraphQL server.</summary>
    public static readonly ResponseFormat GraphQLResponse = new("application/graphql-response+json");

    /// <summary>A well-formed request is answered with 200 whatever comes of it, as clients from before the specification expect.</summary>
    public static readonly ResponseFormat Json = new("application/json");

    /// <summary>In the order in which we prefer them when a client names both. A further format, such as an event stream, is added here.</summary>
    private static readonly ResponseFormat[] Offered = [GraphQLResponse, Json];

    private readonly MediaTypeHeaderValue mediaType;

    private ResponseFormat(string name)
    {
        mediaType = new MediaTypeHeaderValue(name);
        ContentType = name + "; charset=utf-8";
    }

    public string ContentType { get; }

    /// <summary>The format with the highest quality; among equals the one that is named rather than matched by a wildcard. No header means JSON.</summary>
    public static bool TryNegotiate(StringValues accept, [NotNullWhen(true)] out ResponseFormat? format)
    {
        // What nearly every client sends is not worth parsing.
        format = accept switch
        {
            [] or [null or "" or "*/*" or "application/json"] => Json,
            ["application/graphql-response+json"] => GraphQLResponse,
            _ => null,
        };
        if (format is not null)
            return true;
        if (!MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out IList<MediaTypeHeaderValue>? ranges))
            return false;

        (double Quality, int Precision) best = (0, 0);
        foreach (ResponseFormat offered in Offered)
        {
            (double Quality, int Precision) rating = offered.Rate(ranges);
            // On a tie of wildcards the later one, plain JSON, wins: it is what a client that names nothing understands.
            if (rating.Quality > 0 && (rating.CompareTo(best) > 0 || (rating == best && rating.Precision < Exact)))
                (best, format) = (rating, offered);
        }
        return format is not null;
    }

    /// <summary>Whether the header names one of our types, rather than matching it by a wildcard.</summary>
    public static bool IsNamed(StringValues accept) =>
        MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out IList<MediaTypeHeaderValue>? ranges)
        && Offered.Any(offered => offered.Rate(ranges) is { Quality: > 0, Precision: Exact });

    /// <summary>The status of a response that holds no data, by the code of its first error.</summary>
    public int StatusOf(string code) => code switch
    {
        Execution.ErrorCodes.Internal => StatusCodes.Status500InternalServerError,
        Execution.ErrorCodes.Unavailable or Execution.ErrorCodes.Timeout => StatusCodes.Status503ServiceUnavailable,
        _ when this == Json => StatusCodes.Status200OK,
        Execution.ErrorCodes.Unauthenticated => StatusCodes.Status401Unauthorized,
        Execution.ErrorCodes.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private const int Exact = 3;

    /// <summary>The quality that the most precise of the ranges gives to this format.</summary>
    private (double Quality, int Precision) Rate(IList<MediaTypeHeaderValue> ranges)
    {
        (double Quality, int Precision) rating = (0, 0);
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int precision = range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : Exact;
            if (precision > rating.Precision && Matches(range))
                rating = (range.Quality ?? 1, precision);
        }
        return rating;
    }

    private bool Matches(MediaTypeHeaderValue range)
    {
        if (range.Charset.HasValue && !HeaderUtilities.RemoveQuotes(range.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return false;
        return range.MatchesAllTypes
            || (range.Type.Equals(mediaType.Type, StringComparison.OrdinalIgnoreCase)
                && (range.MatchesAllSubTypes || range.MediaType.Equals(mediaType.MediaType, StringComparison.OrdinalIgnoreCase)));
    }
}
