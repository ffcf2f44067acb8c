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

/// <summary>Issues tokens for a sign-in: an access token that replicas can check on their own, and a refresh token that can be used once.</summary>
internal sealed class TokenIssuer(IDataProtectionProvider protection, StoreGate gate, IOptions<AccountSettings> settings, TimeProvider clock)
{
    /// <summary>Not the purpose of the previous release, whose refresh tokens could be used any number of times.</summary>
    private readonly IDataProtector refreshing = protection.CreateProtector("Mycelium.RefreshToken");

    private readonly ISecureDataFormat<AuthenticationTicket> access = TokenReader.Format(protection);

    /// <param name="signIn">The sign-in that they belong to.</param>
    /// <param name="generation">The generation of the refresh token.</param>
    /// <param name="securityStamp">The account's current security stamp.</param>
    /// <param name="userName">The account's current user name.</param>
    /// <param name="email">The account's current e-mail address.</param>
    /// <param name="roles">The account's current roles, for replicas of the previous release. This release reads them from the database.</param>
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

    /// <returns>Null if it is not a refresh token of this service.</returns>
    /// <exception cref="StoreUnavailableException">It does not decrypt and PostgreSQL is unavailable.</exception>
    public RefreshToken? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RefreshToken>(refreshing.Unprotect(Base64Url.DecodeFromChars(text)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or JsonException)
        {
            gate.ThrowIfClosed(); // This replica may not have read its key yet, so its owner must not be asked to sign in again.
            return null;
        }
    }
}

/// <summary>The contents of a refresh token. When it expires is stored in the table, with its sign-in.</summary>
internal sealed record RefreshToken(Guid SignIn, Guid Account, int Generation, string SecurityStamp);
