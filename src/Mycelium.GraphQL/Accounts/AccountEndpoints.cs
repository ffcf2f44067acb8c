using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Edge;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>ASP.NET Core Identity's endpoints below <c>/account</c>, with what it leaves open: no mail, two who sign up at once, and a code in every refusal.</summary>
public static class AccountEndpoints
{
    public const string Path = "/account";

    /// <summary>The width of the columns <c>email</c> and <c>user_name</c>.</summary>
    private const int EmailCharactersMax = 256;

    private static readonly IdentityErrorDescriber describer = new();

    public static void MapAccounts(this WebApplication app) => app.MapGroup(Path)
        .RequireRateLimiting(EdgeSetup.AccountLimit)
        .AddEndpointFilter<MailGate>()
        .AddEndpointFilter(app.Services.GetRequiredService<PasswordQueue>())
        .AddEndpointFilter(RefuseUnstorableAddresses)
        .AddEndpointFilter(RefuseTakenNamesAsync)
        .MapIdentityApi<Account>();

    public static bool IsAccount(this HttpContext context) => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whatever is refused without a word gets one: a body that is no JSON, an address that is not there, a token that is missing.</summary>
    public static void UseAccountProblems(this WebApplication app) => app.UseWhen(IsAccount, branch =>
    {
        branch.UseStatusCodePages();
        branch.Use(RefuseOtherBodiesAsync);
    });

    /// <summary>JSON in UTF-8 as at <c>/graphql</c>. An encoding that nobody knows would be an exception further in.</summary>
    private static Task RefuseOtherBodiesAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        bool isRead = !HttpMethods.IsPost(request.Method) || context.GetEndpoint() is not RouteEndpoint
            || (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
                && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                && request.Headers.ContentEncoding.Count == 0);
        if (isRead)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    /// <summary>Identity looks an address up before it judges it, and PostgreSQL refuses what no column can hold.</summary>
    private static ValueTask<object?> RefuseUnstorableAddresses(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Email(context) is { } email && (email.Length > EmailCharactersMax || email.Contains('\0', StringComparison.Ordinal))
            ? new(Refusal(describer.InvalidEmail(email)))
            : next(context);

    /// <summary>Two who sign up with one address at the same time: Identity has looked for both before either was there, and PostgreSQL refuses the second.</summary>
    private static async ValueTask<object?> RefuseTakenNamesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (PostgresFailures.IsDuplicate(failure))
        {
            return Refusal(describer.DuplicateUserName(Email(context) ?? ""));
        }
    }

    private static string? Email(EndpointFilterInvocationContext context) =>
        context.Arguments.Select(argument => argument switch { RegisterRequest register => register.Email, LoginRequest login => login.Email, _ => null }).FirstOrDefault(email => email is not null);

    private static ValidationProblem Refusal(IdentityError error) => TypedResults.ValidationProblem(new Dictionary<string, string[]> { [error.Code] = [error.Description] });
}
