using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Authenticates the bearer of an access token, for requests, sockets and streams: whether this service issued the token, whether it has
/// expired, and what the account may do now according to PostgreSQL.
/// </summary>
public sealed class TokenReader(
    IDataProtectionProvider protection, Standings standings, StoreGate gate, Restores restores, IOptions<AccountSettings> settings, TimeProvider clock)
{
    /// <summary>The reason is not given, because it would help an attacker.</summary>
    internal static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The token is invalid or has expired.");

    /// <summary>The purposes that ASP.NET Core uses for bearer tokens, so that tokens of the previous release are accepted too.</summary>
    private static readonly string[] purposes = ["Microsoft.AspNetCore.Authentication.BearerToken", "Identity.Bearer", "BearerToken"];

    private readonly OpenedTokens opened = new(Format(protection), gate, restores, clock);

    /// <exception cref="StoreUnavailableException">PostgreSQL is unavailable, so it cannot be decided.</exception>
    public ValueTask<AuthenticateResult> ReadAsync(string token)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (opened.Open(token) is not { } known || known.EndsAt(now, settings.Value.TokenLifetime) is not { } endsAt || endsAt <= now)
            return new(Refused);
        ValueTask<AccountStanding> standing = standings.OfAsync(known.Caller.SignInKey);
        return standing.IsCompletedSuccessfully ? new(known.As(standing.Result, endsAt)) : WaitAsync(known, standing, endsAt);
    }

    internal static ISecureDataFormat<AuthenticationTicket> Format(IDataProtectionProvider protection) =>
        new SealedTickets(protection.CreateProtector(purposes));

    private static async ValueTask<AuthenticateResult> WaitAsync(
        OpenedToken token, ValueTask<AccountStanding> standing, DateTimeOffset endsAt) =>
        token.As(await standing, endsAt);
}
