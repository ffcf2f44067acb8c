using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>Why a stream ends before its operations have.</summary>
internal sealed record StreamEnd
{
    /// <summary>The client has disconnected.</summary>
    public static readonly StreamEnd ClientGone = new();

    public static readonly StreamEnd SlowConsumer = new()
    {
        Error = new GraphQLError("You read too slowly. Reconnect with your last cursor.", ErrorCodes.SlowConsumer),
    };

    public static readonly StreamEnd Expired = new()
    {
        Error = new GraphQLError("The token has expired. Reconnect with a new one.", ErrorCodes.Unauthenticated),
    };

    public static readonly StreamEnd Withdrawn = new()
    {
        Error = new GraphQLError(
            "Your permissions have changed since this stream was opened. Reconnect with a new token, or sign in again.", ErrorCodes.Unauthenticated),
    };

    /// <summary>Null when nobody is there to read it.</summary>
    public GraphQLError? Error { get; private init; }

    /// <summary>How long the client should wait before it reconnects; null for no wait.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What the operation needs is not available at the moment.</summary>
    public static StreamEnd Passing(GraphQLError error, TimeSpan retryAfter) => new() { Error = error, RetryAfter = retryAfter };

    /// <summary>The server is shutting down. The delay differs between clients, so that they do not all reconnect at once.</summary>
    public static StreamEnd Restart(TimeSpan retryAfter) => new()
    {
        Error = new GraphQLError("The server is shutting down. Reconnect with your last cursor.", ErrorCodes.Unavailable)
        {
            Extensions = new Dictionary<string, object?> { ["retryable"] = true, ["retryAfterMs"] = (long)retryAfter.TotalMilliseconds },
        },
        RetryAfter = retryAfter,
    };
}
