using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Remembers what bearer tokens say: to open one is to derive keys, check a signature, decrypt and parse, a tenth of what a signed-in request costs. Whether a token has
/// expired is checked for each request. What opens is kept for <see cref="Limits.OpenTokenFor"/>, and so long a key that was revoked still counts; what does not
/// open is tried again each time.
/// </summary>
internal sealed class OpenedTokens
{
    private readonly RecentlyUsed<string, OpenedToken> opened = new(Limits.OpenTokensMax);
    private readonly ISecureDataFormat<AuthenticationTicket> format;
    private readonly StoreGate gate;
    private readonly TimeProvider clock;

    public OpenedTokens(ISecureDataFormat<AuthenticationTicket> format, StoreGate gate, Restores restores, TimeProvider clock)
    {
        (this.format, this.gate, this.clock) = (format, gate, clock);
        restores.Happened += opened.Clear; // The key may be lost with the time it was made in.
    }

    /// <returns>Null for what is no token of ours.</returns>
    /// <exception cref="StoreUnavailableException">
    /// The token does not open while PostgreSQL is not there: its key may be one that this replica has not read yet, and its owner must not be told to sign in again.
    /// </exception>
    public OpenedToken? Open(string text)
    {
        if (opened.Find(text) is { } known && clock.GetElapsedTime(known.Since) < Limits.OpenTokenFor)
            return known;
        if (format.Unprotect(text) is not { } ticket)
        {
            gate.ThrowIfClosed();
            return null;
        }
        if (OpenedToken.Of(ticket, clock.GetTimestamp()) is not { } token)
            return null;
        opened.Set(text, token);
        return token;
    }
}

/// <summary>What one access token says.</summary>
internal sealed class OpenedToken
{
    /// <summary>The claim that holds the sign-in; tokens of the release before have none.</summary>
    public const string SignInClaim = "mycelium:sign-in";

    /// <summary>Clocks of replicas may differ by so much when one looks at what another has just given.</summary>
    private static readonly TimeSpan clockSkew = TimeSpan.FromMinutes(5);

    private static readonly string stampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    private readonly DateTimeOffset? issuedAt;
    private readonly DateTimeOffset expiresAt;
    private volatile AuthenticateResult accepted;

    private OpenedToken(Caller caller, DateTimeOffset? issuedAt, DateTimeOffset expiresAt, long since)
    {
        (this.issuedAt, this.expiresAt, Since) = (issuedAt, expiresAt, since);
        Caller = caller;
        accepted = Accept(caller, expiresAt);
    }

    public long Since { get; }

    /// <summary>With the roles that the token tells.</summary>
    public Caller Caller { get; }

    /// <returns>Null when it lacks what every token of ours has.</returns>
    public static OpenedToken? Of(AuthenticationTicket ticket, long since)
    {
        ClaimsPrincipal principal = ticket.Principal;
        if (principal.AccountId() is not { } account || principal.FindFirstValue(stampClaim) is not { Length: > 0 } stamp || ticket.Properties.ExpiresUtc is not { } expiresAt)
            return null;
        Guid signIn = Guid.Empty;
        if (principal.FindFirstValue(SignInClaim) is { } text && !Guid.TryParse(text, out signIn))
            return null;
        return new OpenedToken(Caller.Of(principal, new SignInKey(account, signIn), stamp), ticket.Properties.IssuedUtc, expiresAt, since);
    }

    /// <summary>When it ends, whatever it says: one lifetime after it was given at the latest. Tokens of the release before do not tell that; such a token ends within one lifetime from now, or it is refused.</summary>
    public DateTimeOffset? EndsAt(DateTimeOffset now, TimeSpan lifetime)
    {
        if (issuedAt is not { } issued)
            return Caller.SignInKey.SignIn == Guid.Empty && expiresAt <= now + lifetime + clockSkew ? expiresAt : null;
        DateTimeOffset latest = issued + lifetime;
        return issued > now + clockSkew ? null : expiresAt < latest ? expiresAt : latest;
    }

    /// <param name="standing">What the account may do now.</param>
    /// <param name="endsAt">When it ends.</param>
    public AuthenticateResult As(AccountStanding standing, DateTimeOffset endsAt)
    {
        if (!Caller.MayStay(standing))
            return TokenReader.Refused;
        AuthenticateResult last = accepted;
        var lastCaller = (Caller)last.Principal!;
        Caller now = lastCaller.As(standing);
        if (now == lastCaller && last.Properties!.ExpiresUtc == endsAt)
            return last;
        return accepted = Accept(now, endsAt);
    }

    private static AuthenticateResult Accept(Caller caller, DateTimeOffset endsAt) =>
        AuthenticateResult.Success(new AuthenticationTicket(caller, new AuthenticationProperties { ExpiresUtc = endsAt }, BearerHandler.Scheme));
}
