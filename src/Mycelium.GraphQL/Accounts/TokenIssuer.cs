using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Gives tokens for a sign-in: an access token that replicas open by themselves, and a refresh token that works once.</summary>
internal sealed class TokenIssuer(IDataProtectionProvider protection, StoreGate gate, IOptions<AccountSettings> settings, TimeProvider clock)
{
    /// <summary>Another purpose than in the release before, whose refresh tokens worked any number of times.</summary>
    private readonly IDataProtector refreshing = protection.CreateProtector("Mycelium.RefreshToken");

    private readonly ISecureDataFormat<AuthenticationTicket> access = TokenReader.Format(protection);

    /// <param name="signIn">Whose they are.</param>
    /// <param name="generation">Of the refresh token.</param>
    /// <param name="securityStamp">The account's now.</param>
    /// <param name="userName">The same.</param>
    /// <param name="email">The same.</param>
    /// <param name="roles">The account's now, for replicas of the release before. This release reads them.</param>
    public AccessTokenResponse Issue(SignInKey signIn, int generation, string securityStamp, string userName, string email, IEnumerable<string> roles)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, signIn.Account.ToString()), new(ClaimTypes.Name, userName), new(ClaimTypes.Email, email),
                new(new ClaimsIdentityOptions().SecurityStampClaimType, securityStamp), new(OpenedToken.SignInClaim, signIn.SignIn.ToString()),
                .. roles.Append(Domain.Accounts.Roles.Renter).Distinct().Select(role => new Claim(ClaimTypes.Role, role)),
            ],
            "Mycelium");
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + settings.Value.TokenLifetime };
        var refresh = new RefreshToken(signIn.SignIn, signIn.Account.Value, generation, securityStamp);
        return new AccessTokenResponse
        {
            AccessToken = access.Protect(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, BearerHandler.Scheme)),
            ExpiresIn = (long)settings.Value.TokenLifetime.TotalSeconds,
            RefreshToken = Base64Url.EncodeToString(refreshing.Protect(JsonSerializer.SerializeToUtf8Bytes(refresh))),
        };
    }

    /// <returns>Null for what is no refresh token of ours.</returns>
    /// <exception cref="StoreUnavailableException">It does not open while PostgreSQL is not there.</exception>
    public RefreshToken? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RefreshToken>(refreshing.Unprotect(Base64Url.DecodeFromChars(text)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or JsonException)
        {
            gate.ThrowIfClosed(); // Its key may be one that this replica has not read yet, and its owner must not be told to sign in again.
            return null;
        }
    }
}

/// <summary>What a refresh token says. When it ends is in the table, with its sign-in.</summary>
internal sealed record RefreshToken(Guid SignIn, Guid Account, int Generation, string SecurityStamp);
