using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Transport.Streams;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The kinds of response; a client may read some of them in one format and others in another.</summary>
internal enum AnswerKind
{
    /// <summary>One result.</summary>
    Single,

    /// <summary>The result of a query or mutation in parts.</summary>
    Incremental,

    /// <summary>The results of a subscription.</summary>
    Subscription,
}

/// <summary>A media type of responses, the kinds it can represent, and its effect on the status code.</summary>
internal sealed class ResponseFormat
{
    /// <summary>Every request error has its own status: the client can be sure that the response comes from the GraphQL server.</summary>
    public static readonly ResponseFormat GraphQLResponse = new("application/graphql-response+json");

    /// <summary>A well-formed request gets 200 whatever its result, as clients from before the specification expect.</summary>
    public static readonly ResponseFormat Json = new("application/json");

    /// <summary><see href="https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md"/></summary>
    public static readonly ResponseFormat EventStream = new("text/event-stream", EventStreamEncoding.Distinct);

    /// <summary>Each part is a result. A client that names a format of incremental delivery has to name this one.</summary>
    public static readonly ResponseFormat Multipart = new("multipart/mixed", MultipartEncoding.Plain)
    {
        Accepts = range =>
            Parameter(range, "subscriptionSpec") is null && Parameter(range, "deferSpec") is null && Parameter(range, "incrementalSpec") is null or "v0.2",
    };

    /// <summary>Each part wraps a result of a subscription, as Apollo's clients request it.</summary>
    public static readonly ResponseFormat MultipartSubscription = new("multipart/mixed", MultipartEncoding.Subscription)
    {
        Accepts = range => Parameter(range, "subscriptionSpec") == "1.0",
        IsForSubscriptionsAlone = true,
    };

    /// <summary>Each line is a result.</summary>
    public static readonly ResponseFormat JsonLines = new("application/jsonl", JsonLinesEncoding.Instance);

    /// <summary>In order of preference when a client names several.</summary>
    public static readonly IReadOnlyList<ResponseFormat> Offered = [GraphQLResponse, Json, EventStream, MultipartSubscription, Multipart, JsonLines];

    private readonly MediaTypeHeaderValue mediaType;

    private ResponseFormat(string name, StreamEncoding? stream = null)
    {
        mediaType = new MediaTypeHeaderValue(name);
        Stream = stream;
        ContentType = stream?.ContentType ?? name + "; charset=utf-8";
    }

    public string ContentType { get; }

    /// <summary>How several results are written in sequence; null for a format of a single result.</summary>
    public StreamEncoding? Stream { get; }

    private Func<MediaTypeHeaderValue, bool> Accepts { get; init; } = _ => true;
    private bool IsForSubscriptionsAlone { get; init; }

    public bool Carries(AnswerKind kind) => kind switch
    {
        AnswerKind.Single => true,
        AnswerKind.Incremental => Stream is not null && !IsForSubscriptionsAlone,
        _ => Stream is not null,
    };

    /// <summary>The precision of a range that names the type itself.</summary>
    public const int Exact = 3;

    /// <summary>The quality that the most precise of the ranges gives to this format.</summary>
    public (double Quality, int Precision) Rate(IList<MediaTypeHeaderValue> ranges)
    {
        (double Quality, int Precision) rating = (0, 0);
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int precision = range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : Exact;
            if (precision > rating.Precision && Matches(range, precision))
                rating = (range.Quality ?? 1, precision);
        }
        return rating;
    }

    /// <summary>A stream is only for clients that ask for it by name: clients that read one result send wildcards.</summary>
    private bool Matches(MediaTypeHeaderValue range, int precision)
    {
        if (range.Charset.HasValue && !HeaderUtilities.RemoveQuotes(range.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return false;
        if (precision < Exact)
            return Stream is null && (range.MatchesAllTypes || range.Type.Equals(mediaType.Type, StringComparison.OrdinalIgnoreCase));
        return range.MediaType.Equals(mediaType.MediaType, StringComparison.OrdinalIgnoreCase) && Accepts(range);
    }

    private static string? Parameter(MediaTypeHeaderValue range, string name)
    {
        foreach (NameValueHeaderValue parameter in range.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return parameter.GetUnescapedValue().ToString();
        }
        return null;
    }
}
