using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Issues new tokens for a refresh token, which can be used once: see <see cref="SignInTable"/>.</summary>
internal sealed class RefreshTokens(SignInTable signIns, TokenIssuer tokens, AccountEvents events, IOptions<AccountSettings> settings)
{
    public async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> Execute(RefreshRequest request, HttpContext context)
    {
        if (tokens.Open(request.RefreshToken) is not { } token)
            return Refused();
        var signIn = new SignInKey(new AccountId(token.Account), token.SignIn);
        Rotation rotation = await signIns.RotateAsync(
            signIn, token.Generation, token.SecurityStamp, settings.Value.RefreshLifetime, context.RequestAborted);
        switch (rotation.Outcome)
        {
            case RotationOutcome.Rotated:
                events.Refreshed();
                return TypedResults.Ok(tokens.Issue(signIn, rotation.Generation, token.SecurityStamp, rotation.UserName, rotation.Email, rotation.Roles));
            case RotationOutcome.Ended:
                events.SignInEnded(token.Account, token.SignIn, context.Connection.RemoteIpAddress);
                return Unauthorized();
            default:
                return Refused();
        }
    }

    private ProblemHttpResult Refused()
    {
        events.RefreshRefused();
        return Unauthorized();
    }

    private static ProblemHttpResult Unauthorized() => TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
}
