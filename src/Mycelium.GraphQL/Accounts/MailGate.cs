using Microsoft.AspNetCore.Identity.Data;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Refuses what ends in a mail or begins with one, since this service sends none: Identity would answer 200, and a person would wait for a mail that nobody sends. The
/// answer is the same whether or not an account has the address.
/// </summary>
internal sealed class MailGate : IEndpointFilter
{
    private static readonly string[] needsMail = ["forgotPassword", "resetPassword", "confirmEmail", "resendConfirmationEmail"];

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        string last = context.HttpContext.Request.Path.Value!.TrimEnd('/').Split('/')[^1];
        bool isMail = needsMail.Contains(last, StringComparer.OrdinalIgnoreCase) || context.Arguments.OfType<InfoRequest>().Any(info => !string.IsNullOrEmpty(info.NewEmail));
        return isMail ? new(TypedResults.Problem(statusCode: StatusCodes.Status501NotImplemented)) : next(context);
    }
}
