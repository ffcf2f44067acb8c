using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Decides who shows an access token, for requests, sockets and streams alike: whether we sealed it, whether its time is over, and what PostgreSQL says of the account now.</summary>
public sealed class TokenReader(IDataProtectionProvider protection, Standings standings, StoreGate gate, Restores restores, IOptions<AccountSettings> settings, TimeProvider clock)
{
    /// <summary>Nobody is told why: that would help whoever guesses.</summary>
    internal static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The token is not valid, or not any more.");

    /// <summary>The name under which ASP.NET Core seals bearer tokens: those of the release before open too.</summary>
    private static readonly string[] purposes = ["Microsoft.AspNetCore.Authentication.BearerToken", "Identity.Bearer", "BearerToken"];

    private readonly OpenedTokens opened = new(Format(protection), gate, restores, clock);

    /// <exception cref="StoreUnavailableException">It cannot be decided while PostgreSQL is not there.</exception>
    public ValueTask<AuthenticateResult> ReadAsync(string token)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (opened.Open(token) is not { } known || known.EndsAt(now, settings.Value.TokenLifetime) is not { } endsAt || endsAt <= now)
            return new(Refused);
        ValueTask<AccountStanding> standing = standings.OfAsync(known.Caller.SignInKey);
        return standing.IsCompletedSuccessfully ? new(known.As(standing.Result, endsAt)) : WaitAsync(known, standing, endsAt);
    }

    internal static ISecureDataFormat<AuthenticationTicket> Format(IDataProtectionProvider protection) => new SealedTickets(protection.CreateProtector(purposes));

    private static async ValueTask<AuthenticateResult> WaitAsync(OpenedToken token, ValueTask<AccountStanding> standing, DateTimeOffset endsAt) => token.As(await standing, endsAt);
}
