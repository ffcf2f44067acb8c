using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Caches decrypted bearer tokens. Decrypting one means deriving keys, checking a signature and parsing, which is a tenth of the cost of a
/// signed-in request. Whether a token has expired is checked for each request. A valid token is cached for
/// <see cref="Limits.OpenTokenFor"/>, so a revoked key remains valid for that long. A token that does not decrypt is tried again each time.
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
        restores.Happened += opened.Clear; // The key may have been lost in the restore.
    }

    /// <returns>Null if it is not a token of this service.</returns>
    /// <exception cref="StoreUnavailableException">
    /// The token does not decrypt and PostgreSQL is unavailable. Its key may be one that this replica has not read yet, so its owner must
    /// not be asked to sign in again.
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

/// <summary>The contents of one access token.</summary>
internal sealed class OpenedToken
{
    /// <summary>The claim with the ID of the sign-in; tokens of the previous release have none.</summary>
    public const string SignInClaim = "mycelium:sign-in";

    /// <summary>How far the clocks of two replicas may differ, when one reads a token that the other has just issued.</summary>
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

    /// <summary>With the roles in the token.</summary>
    public Caller Caller { get; }

    /// <returns>Null if it lacks a claim that every token of this service has.</returns>
    public static OpenedToken? Of(AuthenticationTicket ticket, long since)
    {
        ClaimsPrincipal principal = ticket.Principal;
        if (principal.AccountId() is not { } account
            || principal.FindFirstValue(stampClaim) is not { Length: > 0 } stamp
            || ticket.Properties.ExpiresUtc is not { } expiresAt)
            return null;
        Guid signIn = Guid.Empty;
        if (principal.FindFirstValue(SignInClaim) is { } text && !Guid.TryParse(text, out signIn))
            return null;
        return new OpenedToken(Caller.Of(principal, new SignInKey(account, signIn), stamp), ticket.Properties.IssuedUtc, expiresAt, since);
    }

    /// <summary>
    /// When the token expires: at most one lifetime after it was issued, whatever it says. Tokens of the previous release lack the time of
    /// issue. Such a token is refused if it does not expire within one lifetime from now.
    /// </summary>
    public DateTimeOffset? EndsAt(DateTimeOffset now, TimeSpan lifetime)
    {
        if (issuedAt is not { } issued)
            return Caller.SignInKey.SignIn == Guid.Empty && expiresAt <= now + lifetime + clockSkew ? expiresAt : null;
        DateTimeOffset latest = issued + lifetime;
        return issued > now + clockSkew ? null : expiresAt < latest ? expiresAt : latest;
    }

    /// <param name="standing">What the account may do now.</param>
    /// <param name="endsAt">When the token expires.</param>
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
