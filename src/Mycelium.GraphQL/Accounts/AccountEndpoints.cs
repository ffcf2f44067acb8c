using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Sign-up and sign-in below <c>/account</c>, with the paths and JSON of ASP.NET Core Identity's own endpoints, and on its store and rules.
/// The original endpoints would reveal who has an account, let refresh tokens work any number of times, and set cookies.
/// </summary>
public static class AccountEndpoints
{
    public const string Path = "/account";

    /// <summary>Marks a problem as a refusal of cookies.</summary>
    internal const string NoCookies = "NoCookies";

    /// <summary>The width of the columns <c>email</c> and <c>user_name</c>.</summary>
    private const int EmailCharactersMax = 256;

    /// <summary>Longer than any passphrase that people type or programs generate. Hashing and comparing take time in proportion to the length.</summary>
    internal const int PasswordCharactersMax = 256;

    internal static readonly IdentityErrorDescriber Describer = new();

    public static void MapAccounts(this WebApplication app)
    {
        RouteGroupBuilder account = app.MapGroup(Path)
            .RequireRateLimiting(AccountLimit.Policy)
            .AddEndpointFilter(RefuseTooLongTexts) // Before the line: nobody waits behind them.
            .AddEndpointFilter(app.Services.GetRequiredService<PasswordQueue>());
        account.MapPost("/register", (RegisterRequest request, HttpContext context, [FromServices] SignUp signUp) =>
            signUp.Execute(request, context));
        account.MapPost("/login", LogInAsync);
        account.MapPost("/refresh", (RefreshRequest request, HttpContext context, [FromServices] RefreshTokens refresh) =>
            refresh.Execute(request, context));
        account.MapGet("/confirmEmail", (string userId, string code, string? changedEmail, HttpContext context, [FromServices] ConfirmEmail confirm) =>
            confirm.Execute(userId, code, changedEmail, context));
        account.MapPost("/resendConfirmationEmail", (ResendConfirmationEmailRequest request, HttpContext context, [FromServices] ConfirmEmail confirm) =>
            confirm.ResendAsync(request, context));
        account.MapPost("/forgotPassword", (ForgotPasswordRequest request, HttpContext context, [FromServices] ResetPassword reset) =>
            reset.ForgetAsync(request, context));
        account.MapPost("/resetPassword", (ResetPasswordRequest request, HttpContext context, [FromServices] ResetPassword reset) =>
            reset.Execute(request, context));

        RouteGroupBuilder manage = account.MapGroup("/manage").RequireAuthorization();
        manage.MapPost("/2fa", (SecondFactorRequest request, HttpContext context, [FromServices] ManageAccount own) =>
            own.SecondFactorAsync(request, context));
        manage.MapGet("/info", (HttpContext context, [FromServices] ManageAccount own) => own.InfoAsync(context));
        manage.MapPost("/info", (InfoRequest request, HttpContext context, [FromServices] ManageAccount own) => own.ChangeAsync(request, context));
    }

    private static async Task<IResult> LogInAsync(
        LoginRequest request, bool? useCookies, bool? useSessionCookies, HttpContext context, [FromServices] SignIn signIn) =>
        useCookies == true || useSessionCookies == true
            ? TypedResults.Problem(NoCookies, statusCode: StatusCodes.Status501NotImplemented)
            : await signIn.Execute(request, context);

    internal static ProblemHttpResult MailIsMissing() => TypedResults.Problem(statusCode: StatusCodes.Status501NotImplemented);

    internal static ValidationProblem Refused(params IReadOnlyCollection<IdentityError> errors) =>
        TypedResults.ValidationProblem(
            errors.GroupBy(error => error.Code, error => error.Description).ToDictionary(group => group.Key, group => group.ToArray()));

    public static bool IsAccount(this HttpContext context) => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Before the endpoints. Every refusal gets a body that explains it: of a body that is not JSON, of an unknown address, of a missing token. Calls are
    /// counted after that, so that a refusal for too many of them is explained too.
    /// </summary>
    public static void UseAccountProblems(this WebApplication app)
    {
        app.UseWhen(IsAccount, branch =>
        {
            branch.Use((context, next) =>
            {
                context.Response.Headers.CacheControl = "no-store"; // Tokens, and what is said of an account.
                return next(context);
            });
            branch.UseStatusCodePages();
            branch.Use(RefuseOtherBodiesAsync);
        });
        app.UseRateLimiter();
    }

    /// <summary>Accepts JSON in UTF-8 only, as at <c>/graphql</c>. An unknown encoding would cause an exception further in.</summary>
    private static Task RefuseOtherBodiesAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        bool isAccepted = !HttpMethods.IsPost(request.Method) || context.GetEndpoint() is not RouteEndpoint
            || (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
                && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                && request.Headers.ContentEncoding.Count == 0);
        if (isAccepted)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    /// <summary>The characters that Identity accepts in names are those that mail servers accept.</summary>
    internal static bool IsAddress(string text, UserManager<Account> accounts) =>
        new EmailAddressAttribute().IsValid(text) && text.All(accounts.Options.User.AllowedUserNameCharacters.Contains);

    /// <summary>
    /// Addresses are looked up before they are validated, and PostgreSQL rejects text that no column can hold. A long password would take
    /// time to hash before it is rejected.
    /// </summary>
    private static ValueTask<object?> RefuseTooLongTexts(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (object? argument in context.Arguments)
        {
            (string? email, string? password, string? other) = TextsOf(argument);
            if (email is not null && (email.Length > EmailCharactersMax || email.Contains('\0', StringComparison.Ordinal)))
                return new(Refused(Describer.InvalidEmail(email)));
            if (password?.Length > PasswordCharactersMax || other?.Length > PasswordCharactersMax)
            {
                string description = $"Passwords have at most {PasswordCharactersMax} characters.";
                return new(Refused(new IdentityError { Code = "PasswordTooLong", Description = description }));
            }
        }
        return next(context);
    }

    private static (string? Email, string? Password, string? OtherPassword) TextsOf(object? argument) => argument switch
    {
        RegisterRequest register => (register.Email, register.Password, null),
        LoginRequest login => (login.Email, login.Password, null),
        ForgotPasswordRequest forgot => (forgot.Email, null, null),
        ResetPasswordRequest reset => (reset.Email, reset.NewPassword, null),
        ResendConfirmationEmailRequest resend => (resend.Email, null, null),
        InfoRequest info => (info.NewEmail, info.NewPassword, info.OldPassword),
        SecondFactorRequest factor => (null, factor.OldPassword, null),
        _ => default,
    };
}
