using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Domain;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Writes every refusal of <c>/account</c> in the same form, regardless of <c>Accept</c>: problem details (RFC 9457) with a <c>code</c>
/// from docs/errors.md, and a sentence for people in <c>detail</c>.
/// </summary>
internal sealed class AccountProblems(ILogger<AccountProblems> logger) : IProblemDetailsWriter
{
    private const int MessageCharactersMax = 400;

    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.IsAccount();

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        ProblemDetails problem = Of(context, response.StatusCode);
        Log(context, problem);
        response.Headers.CacheControl = "no-store";
        await response.WriteAsJsonAsync(problem, problem.GetType(), options: null, "application/problem+json", context.HttpContext.RequestAborted);
    }

    private static ProblemDetails Of(ProblemDetailsContext context, int status)
    {
        Dictionary<string, string[]>? errors = (context.ProblemDetails as HttpValidationProblemDetails)?.Errors
            .ToDictionary(error => error.Key, error => Array.ConvertAll(error.Value, Shortened));
        (string code, string detail) = Explain(context, status, errors);
        ProblemDetails problem = errors is null ? new ProblemDetails() : new HttpValidationProblemDetails(errors);
        (problem.Status, problem.Title, problem.Detail) = (status, ReasonPhrases.GetReasonPhrase(status), detail);
        problem.Extensions["code"] = code;
        foreach ((string name, object? value) in context.ProblemDetails.Extensions)
            problem.Extensions.TryAdd(name, value);
        if (status == StatusCodes.Status413PayloadTooLarge)
            (problem.Extensions["limit"], problem.Extensions["max"]) = ("requestBytes", Limits.RequestBytesMax);
        if (code == ErrorCodes.Unavailable)
            problem.Extensions["retryable"] = true;
        if (code == ErrorCodes.Internal)
            problem.Extensions["errorId"] = Guid.NewGuid().ToString("N");
        return problem;
    }

    private static (string Code, string Detail) Explain(ProblemDetailsContext context, int status, Dictionary<string, string[]>? errors) => status switch
    {
        _ when errors is not null => (Code(ProblemCode.InvalidInput), string.Join(' ', errors.SelectMany(error => error.Value))),
        // A caller who does not know the password must not learn whether the account is locked.
        StatusCodes.Status401Unauthorized when context.ProblemDetails.Detail == "RequiresTwoFactor" =>
            (AccountCodes.TwoFactorRequired, "Send twoFactorCode or twoFactorRecoveryCode together with the e-mail and the password."),
        StatusCodes.Status401Unauthorized => (ErrorCodes.Unauthenticated, Refused(context.HttpContext.Request.Path)),
        StatusCodes.Status403Forbidden => (ErrorCodes.Forbidden, "You may not do this."),
        StatusCodes.Status404NotFound => (ErrorCodes.BadRequest, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => (ErrorCodes.BadRequest, $"This address accepts {context.HttpContext.Response.Headers.Allow}."),
        StatusCodes.Status413PayloadTooLarge => (ErrorCodes.LimitExceeded, $"The request is larger than {Limits.RequestBytesMax} bytes."),
        StatusCodes.Status415UnsupportedMediaType => (ErrorCodes.BadRequest, "Send an uncompressed body of application/json in UTF-8."),
        StatusCodes.Status429TooManyRequests =>
            (ErrorCodes.LimitExceeded, "Too many requests. Try again after the number of seconds in Retry-After."),
        StatusCodes.Status400BadRequest when context.Exception is { } failure && PostgresFailures.IsRefusedValue(failure) =>
            (Code(ProblemCode.InvalidInput), "A value is too long, or contains a character that cannot be stored."),
        StatusCodes.Status501NotImplemented when context.ProblemDetails.Detail == AccountEndpoints.NoCookies =>
            (AccountCodes.CookiesUnavailable,
                "This service does not use cookies. Leave out useCookies and useSessionCookies, and send the token as Authorization: Bearer …."),
        StatusCodes.Status501NotImplemented => (AccountCodes.MailUnavailable,
            "This service has no mail server, so it cannot confirm or change an e-mail address or reset a password. Nothing was done."),
        StatusCodes.Status503ServiceUnavailable => (ErrorCodes.Unavailable, "The service is temporarily unavailable. Try again shortly."),
        >= StatusCodes.Status500InternalServerError => (ErrorCodes.Internal, "Something went wrong on our side."),
        _ => (ErrorCodes.BadRequest, "The body is not the JSON object that this address accepts, or a value is missing or has the wrong type."),
    };

    private static string Refused(PathString path) => path.Value!.TrimEnd('/').Split('/')[^1].ToUpperInvariant() switch
    {
        "LOGIN" => "The e-mail or the password is wrong, the address has not been confirmed with the link in our mail yet, "
            + "or sign-in is locked for some minutes after too many wrong passwords.",
        "CONFIRMEMAIL" => "The link is invalid or has expired. Request another one at /account/resendConfirmationEmail.",
        "REFRESH" => "The refresh token is invalid or no longer valid. Log in again.",
        _ => "Send the token of /account/login as Authorization: Bearer ….",
    };

    /// <summary>Identity repeats an invalid e-mail address in its message, however long it is.</summary>
    private static string Shortened(string message) => message.Length <= MessageCharactersMax ? message : message[..MessageCharactersMax] + "…";

    private static string Code(ProblemCode code) => System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    /// <summary>Mistakes of callers are not logged. An unavailable store is a warning, and anything else is our own error.</summary>
    private void Log(ProblemDetailsContext context, ProblemDetails problem)
    {
        if (problem.Extensions.TryGetValue("errorId", out object? errorId))
            logger.LogError(context.Exception, "A request to {Path} failed unexpectedly: {ErrorId}", context.HttpContext.Request.Path, errorId);
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            logger.LogWarning(context.Exception, "A store did not respond.");
    }
}
