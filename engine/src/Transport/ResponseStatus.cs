using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The HTTP status of a response.</summary>
internal static class ResponseStatus
{
    /// <summary>There is data, and there are errors.</summary>
    private const int PartialSuccess = 294;

    public static int Of(OperationResult result, ResponseFormat format, StatusCodeProfile profile)
    {
        if (!result.HasData)
            return Of(result.Errors, format, profile);
        return profile == StatusCodeProfile.Draft2026 && result.Errors.Count > 0 ? PartialSuccess : StatusCodes.Status200OK;
    }

    /// <summary>The status of a response without data, by the code of its first error.</summary>
    public static int Of(IReadOnlyList<GraphQLError> errors, ResponseFormat format, StatusCodeProfile profile) =>
        (errors.Count > 0 ? errors[0].Code : ErrorCodes.BadRequest) switch
        {
            ErrorCodes.RateLimited => StatusCodes.Status429TooManyRequests,
            ErrorCodes.Internal => StatusCodes.Status500InternalServerError,
            ErrorCodes.Unavailable or ErrorCodes.Timeout => StatusCodes.Status503ServiceUnavailable,
            _ when profile == StatusCodeProfile.Audited && format == ResponseFormat.Json => StatusCodes.Status200OK,
            ErrorCodes.Unauthenticated => StatusCodes.Status401Unauthorized,
            ErrorCodes.Forbidden => StatusCodes.Status403Forbidden,
            var code when profile == StatusCodeProfile.Audited || code == ErrorCodes.SyntaxError => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    /// <summary>Nothing was executed, because the caller has sent too much recently.</summary>
    public static bool IsRateLimited(OperationResult result) => !result.HasData && result.Errors is [{ Code: ErrorCodes.RateLimited }, ..];

    /// <summary>An invalid request: its parameters are wrong, though they can be read.</summary>
    public static Refusal WrongParameters(string problem, StatusCodeProfile profile) => profile == StatusCodeProfile.Draft2026
        ? Refusal.Of(StatusCodes.Status422UnprocessableEntity, problem)
        : Refusal.BadRequest(problem);
}
