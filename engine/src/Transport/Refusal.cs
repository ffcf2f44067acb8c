using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Why a request is not executed: an HTTP status and the error in the body.</summary>
internal sealed record Refusal(int Status, GraphQLError Error)
{
    /// <summary>The value of the <c>Allow</c> header that a 405 must have.</summary>
    public string? Allow { get; init; }

    public static Refusal BadRequest(string message) => Of(StatusCodes.Status400BadRequest, message);

    public static Refusal MethodNotAllowed(string message, string allow) => Of(StatusCodes.Status405MethodNotAllowed, message) with { Allow = allow };

    public static Refusal Of(int status, string message, string code = ErrorCodes.BadRequest) => new(status, new GraphQLError(message, code));

    /// <summary>The origin is not repeated: it is in the request, and can have any length.</summary>
    public static Refusal ForeignOrigin() => Of(
        StatusCodes.Status403Forbidden, "Pages from this origin may not open a WebSocket here; the server has a list of allowed origins.",
        ErrorCodes.Forbidden);

    public static Refusal TooLarge(int limit) => OverLimit(
        StatusCodes.Status413PayloadTooLarge, $"The request is larger than {limit} bytes.", nameof(GraphQLTransportOptions.MaxRequestBytes), limit);

    public static Refusal BatchTooLarge(int limit) => OverLimit(
        StatusCodes.Status400BadRequest, $"A batch can have at most {limit} operations.", nameof(GraphQLTransportOptions.MaxBatchSize), limit);

    public static Refusal TooManyStreams(int limit) => OverLimit(
        StatusCodes.Status503ServiceUnavailable, "This server has reached its limit of open streams; try again later.",
        nameof(GraphQLTransportOptions.MaxStreams), limit);

    /// <param name="name">The option with the limit.</param>
    /// <param name="limit">The limit.</param>
    public static Refusal TooManyStreamsOfCaller(string name, int limit) => OverLimit(
        StatusCodes.Status429TooManyRequests, $"You already have {limit} open streams; close one of them.", name, limit);

    public static Refusal TooManyReservations(int limit) => OverLimit(
        StatusCodes.Status429TooManyRequests,
        $"You already have {limit} event streams; close one of them.",
        nameof(GraphQLTransportOptions.MaxReservationsPerViewer),
        limit);

    public static Refusal TooManyOperations(int limit) => OverLimit(
        StatusCodes.Status429TooManyRequests,
        $"This event stream already has {limit} operations; stop one of them, or reserve another stream.",
        nameof(GraphQLTransportOptions.MaxOperationsPerSocket),
        limit);

    private static Refusal OverLimit(int status, string message, string name, int limit) => new(status, GraphQLError.OverLimit(message, name, limit));
}
