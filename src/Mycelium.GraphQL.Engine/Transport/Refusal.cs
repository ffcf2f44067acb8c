using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Why a request is not executed: an HTTP status and the error in the body.</summary>
internal sealed record Refusal(int Status, GraphQLError Error)
{
    /// <summary>The value of the <c>Allow</c> header that a 405 must have.</summary>
    public string? Allow { get; init; }

    public static Refusal BadRequest(string message) => Of(StatusCodes.Status400BadRequest, message);

    public static Refusal MethodNotAllowed(string message, string allow) => Of(StatusCodes.Status405MethodNotAllowed, message) with { Allow = allow };

    public static Refusal Of(int status, string message, string code = ErrorCodes.BadRequest) => new(status, new GraphQLError(message, code));

    public static Refusal TooLarge(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        new GraphQLError($"The request is larger than {limit} bytes.", ErrorCodes.LimitExceeded)
        {
            Extensions = new Dictionary<string, object?> { ["limit"] = nameof(GraphQLTransportOptions.MaxRequestBytes), ["max"] = limit },
        });
}
