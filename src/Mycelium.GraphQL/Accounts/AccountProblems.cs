using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Domain;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Writes every refusal of <c>/account</c> in one form, whatever <c>Accept</c> says: problem details (RFC 9457) with the <c>code</c> that docs/errors.md explains, and a
/// sentence for people in <c>detail</c>.
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
        // Whether an account is locked is not said to somebody who does not know its password.
        StatusCodes.Status401Unauthorized when context.ProblemDetails.Detail == "RequiresTwoFactor" =>
            (AccountCodes.TwoFactorRequired, "Send twoFactorCode, or twoFactorRecoveryCode, with the e-mail and the password."),
        StatusCodes.Status401Unauthorized => (ErrorCodes.Unauthenticated, Refused(context.HttpContext.Request.Path)),
        StatusCodes.Status403Forbidden => (ErrorCodes.Forbidden, "You may not do this."),
        StatusCodes.Status404NotFound => (ErrorCodes.BadRequest, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => (ErrorCodes.BadRequest, $"This address takes {context.HttpContext.Response.Headers.Allow}."),
        StatusCodes.Status413PayloadTooLarge => (ErrorCodes.LimitExceeded, $"The request is larger than {Limits.RequestBytesMax} bytes."),
        StatusCodes.Status415UnsupportedMediaType => (ErrorCodes.BadRequest, "Send a body of application/json in UTF-8, not compressed."),
        StatusCodes.Status429TooManyRequests => (ErrorCodes.LimitExceeded, "Too many calls at the moment: try again after as many seconds as Retry-After says."),
        StatusCodes.Status400BadRequest when context.Exception is { } failure && PostgresFailures.IsRefusedValue(failure) =>
            (Code(ProblemCode.InvalidInput), "A value is too long, or has a character that cannot be stored."),
        StatusCodes.Status501NotImplemented when context.ProblemDetails.Detail == AccountEndpoints.NoCookies =>
            (AccountCodes.CookiesUnavailable, "This service signs nobody in by cookies: leave useCookies and useSessionCookies out, and send the token as Authorization: Bearer …."),
        StatusCodes.Status501NotImplemented => (AccountCodes.MailUnavailable,
            "This service has no mail server, so that it can neither confirm nor change an e-mail address nor replace a forgotten password. Nothing was done."),
        StatusCodes.Status503ServiceUnavailable => (ErrorCodes.Unavailable, "The service cannot do this at the moment. Try again shortly."),
        >= StatusCodes.Status500InternalServerError => (ErrorCodes.Internal, "Something went wrong on our side."),
        _ => (ErrorCodes.BadRequest, "The body is not the JSON object that this address takes, or a value is missing or of a wrong type."),
    };

    private static string Refused(PathString path) => path.Value!.TrimEnd('/').Split('/')[^1].ToUpperInvariant() switch
    {
        "LOGIN" => "The e-mail or the password is wrong, the address is not confirmed by the link in our mail yet, or there were too many wrong passwords and signing in is locked for some minutes.",
        "CONFIRMEMAIL" => "The link is not valid, or not any more: ask for another one at /account/resendConfirmationEmail.",
        "REFRESH" => "The refresh token is not valid, or not any more: log in again.",
        _ => "Send the token of /account/login as Authorization: Bearer ….",
    };

    /// <summary>Identity repeats an e-mail address that is not one, however long it is.</summary>
    private static string Shortened(string message) => message.Length <= MessageCharactersMax ? message : message[..MessageCharactersMax] + "…";

    private static string Code(ProblemCode code) => System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    /// <summary>A caller's mistake is nobody's concern here; a store that is gone is a warning, and what is left is our mistake.</summary>
    private void Log(ProblemDetailsContext context, ProblemDetails problem)
    {
        if (problem.Extensions.TryGetValue("errorId", out object? errorId))
            logger.LogError(context.Exception, "A call of {Path} failed unexpectedly: {ErrorId}", context.HttpContext.Request.Path, errorId);
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            logger.LogWarning(context.Exception, "A store did not answer.");
    }
}
